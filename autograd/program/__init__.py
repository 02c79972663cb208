"""Compiled programs: a computation that is recorded once and replayed as straight-line code.

Read in this order:

    listing                the flat list of instructions that everything else reads
    wires, recording,      how rules, a graph and a function become instructions
    conditions, tracing
    reverse                the backward pass, by the rules of the table
    names, source, floats  readable Python, and running it
    schedule, slots, lanes the same on arrays of examples
    native, native_text    the same as machine code; ``_native_tape`` is generated
    branch, guards         when a recording holds
    signature, program,    the public face
    printing, compiled
    export, numeric_text   files that run without this library
"""
