"""Compiled programs: a computation that is recorded once and replayed as straight-line code.

Read in this order: ``listing`` (the flat list of instructions that everything else reads), ``wires``,
``recording``, ``conditions`` and ``tracing`` (how a graph and a function become one), ``reverse`` (the backward pass, by the rules of the table),
``source`` and ``floats`` (readable Python, and running it), ``lanes`` (the same on arrays of examples), ``branch`` and
``guards`` (when a recording holds), ``program`` and ``compiled`` (the public face).
"""
