"""Names that the generated files have in common: of methods, of rules, of NumPy's functions."""

from __future__ import annotations

HEAD = '"""{doc}\n\nGenerated from the table by ``python -m autograd.generate``; do not edit.\n"""\n\n'
DUNDER = {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow", "mod": "mod"}
UNARY_DUNDER = {"neg": "neg", "positive": "pos", "abs": "abs"}
SYMBOL_ONLY = ("where", "equal", "neg", "positive", *DUNDER)
RULE_NAMES = {"pow": "power", "abs": "absolute"}
NUMPY_NAMES = {"div": "true_divide", "sub": "subtract", "mul": "multiply", "neg": "negative"}
