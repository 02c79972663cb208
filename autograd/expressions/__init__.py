"""Expressions: text that a person types becomes a computation, and is never run as Python.

Read in this order:

    source      the characters: the signs of a textbook made Python's, and a caret under what cannot be read
    whitelist   every function and constant that may be used, and nothing else
    reader      Python's syntax tree becomes steps for a stack; what is not on the list in that file is refused
    expression  the public face: ``parse``, and running the steps
"""
