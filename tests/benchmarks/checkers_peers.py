"""Other libraries' gradient checkers on our field; run by ``checkers`` in the interpreter that has the library.

Reads a job (JSON) from standard input and writes one line of JSON. It is run as a file, not as a module: the import
name of HIPS autograd is ours, so this checkout must stay off the path.
"""

from __future__ import annotations

import importlib.util
import json
import math
import statistics
import sys
import time
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


def network(numpy: Any, theta: Any, x: Any, onehot: Any) -> Any:
    """W6: 9 → 14 → 4 with tanh, mean softmax cross-entropy of 16 examples; θ has 200 numbers."""
    w1, b1 = theta[:126].reshape(9, 14), theta[126:140]
    w2, b2 = theta[140:196].reshape(14, 4), theta[196:200]
    z = numpy.tanh(x @ w1 + b1) @ w2 + b2
    top = z - z.max()
    return (numpy.log(numpy.exp(top).sum(1)) - (top * onehot).sum(1)).mean()


def w6(which: str, data: dict[str, Any], rounds: int) -> float:
    """Give the milliseconds of one check of the network's loss, the median of several."""
    import numpy as np

    theta, x, onehot = (np.array(data[k]) for k in ("theta", "x", "onehot"))
    if which == "torch":
        import torch

        torch.set_num_threads(1)
        tx, ty = torch.tensor(x), torch.tensor(onehot)
        start = torch.tensor(theta, requires_grad=True)

        def run() -> Any:
            assert torch.autograd.gradcheck(lambda t: network(torch, t, tx, ty), (start,))
    elif which == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
        import jax.numpy as jnp
        from jax.test_util import check_grads

        f = jax.jit(lambda t: network(jnp, t, x, onehot))

        def run() -> Any:
            check_grads(f, (jnp.array(theta),), order=1, modes=["rev"])
    else:
        import autograd.numpy as anp
        from autograd.test_util import check_grads as check

        def run() -> Any:
            check(lambda t: network(anp, t, x, onehot), modes=["rev"], order=1)(theta)

    run()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Do the job."""
    job = json.loads(sys.stdin.read())
    warnings.simplefilter("ignore")
    if "w6" in job:
        print(json.dumps({"milliseconds": w6(job["which"], job["w6"], job["rounds"])}))
        return
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
