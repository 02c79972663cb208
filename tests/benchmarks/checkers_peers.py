"""Other libraries' gradient checkers on our field; run by ``checkers`` in the interpreter that has the library.

Reads a job (JSON) from standard input and writes one line of JSON. It is run as a file, not as a module: the import
name of HIPS autograd is ours, so this checkout must stay off the path.
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
import warnings
from pathlib import Path
from typing import Any


def functions() -> list[Any]:
    """Load the functions of the field by file name."""
    place = Path(__file__).with_name("checkers_field.py")
    spec = importlib.util.spec_from_file_location("checkers_field", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["checkers_field"] = module
    spec.loader.exec_module(module)
    return [f for f, _ in module.FUNCTIONS.values()]


def safe(f: Any) -> Any:
    """Give nan where the function raises, as a peer's own operation would."""

    def g(x: float) -> float:
        try:
            return float(f(float(x)))
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan

    return g


def torch_checker() -> Any:
    """Give a function (f, x, slope) → accepted, with PyTorch's defaults."""
    import torch

    def check(f: Any, x: float, slope: float) -> bool:
        class Given(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, a: Any) -> Any:
                return torch.tensor(f(a.item()), dtype=torch.float64)

            @staticmethod
            def backward(ctx: Any, g: Any) -> Any:
                return g * slope

        start = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        return bool(torch.autograd.gradcheck(Given.apply, (start,), raise_exception=False))

    return check


def hips_checker() -> Any:
    """Give the same for HIPS autograd."""
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    def check(f: Any, x: float, slope: float) -> bool:
        given = primitive(f)
        defvjp(given, lambda ans, a: lambda g: g * slope)
        try:
            check_grads(given, modes=["rev"], order=1)(x)
        except AssertionError:
            return False
        return True

    return check


def jax_checker() -> Any:
    """Give the same for JAX, in double precision."""
    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    from jax.test_util import check_grads

    shape = jax.ShapeDtypeStruct((), np.float64)

    def check(f: Any, x: float, slope: float) -> bool:
        @jax.custom_vjp
        def given(a: Any) -> Any:
            return jax.pure_callback(lambda v: np.float64(f(v)), shape, a)

        given.defvjp(lambda a: (given(a), None), lambda _, g: (g * slope,))
        try:
            check_grads(given, (np.float64(x),), order=1, modes=["rev"])
        except AssertionError:
            return False
        return True

    return check


def main() -> None:
    """Do the job."""
    job = json.loads(sys.stdin.read())
    warnings.simplefilter("ignore")
    check = {"torch": torch_checker, "hips": hips_checker, "jax": jax_checker}[job["which"]]()
    found = functions()
    result = {"points": len(job["rows"]), "accused": 0, "wrong points": 0, "passes 10 %": 0, "passes 0.1 %": 0}
    for number, x, slope in job["rows"]:
        f = safe(found[number])
        result["accused"] += not check(f, x, slope)
        if slope:
            result["wrong points"] += 1
            result["passes 10 %"] += check(f, x, 1.1 * slope)
            result["passes 0.1 %"] += check(f, x, 1.001 * slope)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
