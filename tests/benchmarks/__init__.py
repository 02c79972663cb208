"""The benchmarks: how fast the engine is beside its peers, measured in one run on one core.

    python -m tests.benchmarks                          every workload, every peer that is installed: 15 minutes
    python -m tests.benchmarks W1 W5 --quick            two workloads, small sizes, few rounds
    python -m tests.benchmarks W1 --peers micrograd torch
    python -m tests.benchmarks W2 --full                also what takes a peer minutes
    python -m tests.benchmarks growth tools             cost against size, 10³ to 10⁶ operations
    python -m tests.benchmarks checkers                 how often gradient checkers are wrong
    python -m tests.benchmarks W4 --json run.json       measure one workload again, into the file of a run
    python -m tests.benchmarks --json run.json --resume go on with a run that was stopped
    python -m tests.benchmarks --readme run.json        write README.md's benchmarks and the growth plot; several files
                                                        are put together, the last one counts
    python -m tests.benchmarks --make-peers .peers      install the peers; add --with-jax for JAX
    python -m tests.benchmarks --help

The peers live in virtual environments of their own, below ``.peers`` or
wherever ``--peers-dir`` or the variable ``CHAINRULE_PEERS`` says. PyPI's
``autograd`` (HIPS) has our import name, so it has an environment to itself and
never sees this checkout. Where pip would fetch a build of torch for GPUs, ask
for the small one by
``PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu``.

How a number comes about:

1.  Every contender runs every case once, and its values *and* gradients are
    compared with those of all others. A disagreement ends the workload with an
    error that names the contender and the number.
2.  Then the rounds: in each of them every contender gets a fresh process
    pinned to one core, in rotating order, so that a slow minute of the machine
    hits all alike. A process makes one pass that does not count (it does if it
    alone takes ten times the budget) and then passes until its budget of time
    is spent; it reports the median pass, the table the median of the rounds. A
    contender that has used up its patience gets no further rounds of that
    case, and the table says so.
3.  A pass is forward, backward, update where there is one, and giving the
    graph back; making the leaves is not timed. In W1 and growth the graph is
    given back after the clock has stopped, for whoever has one to give back:
    graphs with cycles are not freed at all while the collector rests, and
    would look fast for it; W1 shows the time of freeing in a column of its
    own. The answer of the timed passes must be the one that was compared.
4.  "gc on" leaves Python's cyclic garbage collector as it is. "gc off" rests
    it throughout, by ``gc_paused()`` for us and ``gc.disable()`` for the
    others, whose graphs then stay if they have cycles. Memory is measured in
    a run of its own. Every process has one thread on one core.

A contender that is not installed is listed as absent with the command that
installs it. What could not be measured is a footnote, never an empty place.
Each goal stands below the table with what was measured, "met" or "NOT met".

Reading order: ``description`` (what a workload is), ``w1`` (a workload),
``engines`` (the contenders), ``worker`` (one measurement), ``contest`` (the
rounds), ``comparison``, ``report``, ``peers``; ``document`` (the JSON), ``readme``
with ``sentences`` and ``plot``. A new workload is a file ``w3.py`` with one
``WORKLOAD``; only ``readme`` needs to know of it, if it is to have a row there.
"""
