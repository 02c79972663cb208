"""The benchmarks: how fast the engine is beside its peers, measured in one run on one core.

    python -m tests.benchmarks                          every workload, every peer that is installed
    python -m tests.benchmarks W1 W5 --quick            two workloads, small sizes, few rounds
    python -m tests.benchmarks W1 --peers micrograd torch
    python -m tests.benchmarks W2 --full                also what takes a peer minutes
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
    compared with those of all others. A disagreement ends the run with an
    error that names the contender and the number.
2.  Then the rounds: in each of them every contender gets a fresh process
    pinned to one core, in rotating order, so that a slow minute of the machine
    hits all alike. A process makes one pass that does not count (it does if it
    alone takes ten times the budget) and then passes until its budget of time
    is spent; it reports the median pass, the table the median of the rounds. A
    contender that has used up its patience gets no further rounds of that
    case, and the table says so.
3.  A pass is forward, backward, and giving the graph back; making the leaves
    is not timed. "gc on" leaves Python's cyclic garbage collector as it is.
    "gc off" rests it throughout, by ``gc_paused()`` for us and
    ``gc.disable()`` for the others, whose graphs then stay if they have
    cycles. Memory is measured in a run of its own.

A contender that is not installed is listed as absent with the command that
installs it. What could not be measured is a footnote, never an empty place.
Each goal stands below the table with what was measured, "met" or "NOT met".

Reading order: ``description`` (what a workload is), ``w1`` (a workload),
``engines`` (the contenders), ``worker`` (one measurement), ``contest`` (the
rounds), ``comparison``, ``report``, ``peers``. A new workload is a file
``w3.py`` with one ``WORKLOAD``; nothing else needs to know of it.
"""
