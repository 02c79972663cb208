"""Writes the generated files from the table: ``python -m autograd.generate`` (``--check`` only compares).

A rule of the table is traced with Symbols and lowered to Python source, so that the hot paths compute without asking
the table, and a derivative is still written once. Read in this order:

    names           what the texts have in common
    operators       the text of ``_operators.py``: a method for every operation, shared by Tensors and Symbols
    value_methods   the text of ``_value_methods.py``: values and local derivatives of floats, inline
    tensor_methods  the text of ``_tensor_methods.py``: NumPy functions, and contributions as NumPy expressions
    files           all of them, and ``program/_native_tape.py``, whose text is ``program.native_text``
"""
