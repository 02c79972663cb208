"""Every row of the derivative table, broken in five ways: found, and the guilty operation named."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd.products
import autograd.windows  # noqa: F401  their rows belong to the table
from autograd import Tensor, Value
from autograd.check import check_gradients
from autograd.operations import Elementwise, Structural, elementwise_rows, structural_rows
from autograd.symbols import Symbol, SymbolicTest

ROWS = [row for row in elementwise_rows() if row.derivatives]
ARRAYS = [row for row in structural_rows() if row.samples]
LETTERS = "abcdefgh"


def points(row):
    """Two places for each argument, inside its domain and away from corners."""
    for shift in (0.0, 0.31):
        found = []
        for slot in range(row.arity):
            low, high = row.domain[slot]
            if slot < row.passive:
                x = True  # a condition is a truth value when the rule sees it
            elif math.isfinite(low) and math.isfinite(high):
                x = low + (high - low) * (0.62 + 0.2 * shift + 0.05 * slot)
            elif math.isfinite(low):
                x = low + 0.7 + 0.45 * slot + shift
            else:
                x = (0.83, -0.37, 1.9)[slot] + shift
            found.append(x)
        if row.name in {"clip", "hardtanh"}:
            found = [0.3 + shift, -0.6, 1.4]
        yield found


def evaluated(symbol, given):
    """Compute a symbolic expression of a rule at numbers."""
    if isinstance(symbol, SymbolicTest):
        left, right = evaluated(symbol.left, given), evaluated(symbol.right, given)
        tests = {
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
            "==": left == right,
            "!=": left != right,
        }
        joined = left and right if symbol.relation == "and" else left or right
        return tests.get(symbol.relation, joined)
    if not isinstance(symbol, Symbol):
        return symbol
    if symbol.op is None:
        return given[symbol.name]
    return symbol.op(*(evaluated(a, given) for a in symbol.args))


def missing_term(rule, arity):
    """Drop the last term or factor of a derivative; one that has a single term becomes 1."""
    names = LETTERS[:arity]
    written = rule(Symbol("y"), *(Symbol(n) for n in names))
    kept = written.args[0] if isinstance(written, Symbol) and written.op is not None else 1.0

    def broken(y, *args):
        return evaluated(kept, {"y": y, **dict(zip(names, args, strict=True))})

    return broken


def mutants(rule, arity):
    """Give the five broken forms of a derivative."""
    yield "sign", lambda y, *args: -rule(y, *args)
    yield "factor", lambda y, *args: 1.1 * rule(y, *args)
    yield "missing term", missing_term(rule, arity)
    if arity > 1:
        yield "arguments swapped", lambda y, a, b, *rest: rule(y, b, a, *rest)
    else:
        yield "arguments swapped", lambda y, a: rule(a, y)
    yield "constant", lambda y, *args: 0.731 + 0 * args[0]


def differs(row, slot, broken, args):
    """Tell whether the mutant gives another number here; one that does not is no mutant."""
    y = row.float_of(*args)
    right = row.local_of(slot, y, *args)
    try:
        wrong = float(broken(y, *args))
    except (ArithmeticError, ValueError):
        return True
    return not abs(wrong - right) <= 1e-4 * abs(right)


def copy_of(row, slot, broken):
    """Copy a row with one derivative replaced."""
    rules = list(row.derivatives)
    rules[slot - row.passive] = broken
    return Elementwise(
        row.name,
        row.compute,
        *rules,
        form=row.form,
        arity=row.arity,
        defaults=row.defaults,
        domain=row.domain,
        passive=row.passive,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_broken_elementwise_rule_is_found_and_named(row):
    """Each derivative, broken in five ways, is found in a graph of Values, and the operation is named."""
    seen = equal = 0
    for slot in range(row.passive, row.arity):
        for what, broken in mutants(row.derivatives[slot - row.passive], row.arity):
            args = next((p for p in points(row) if differs(row, slot, broken, p)), None)
            if args is None:
                equal += 1
                continue
            mutant = copy_of(row, slot, broken)

            def f(*inputs, mutant=mutant, slot=slot, args=args):
                # Shared, scaled and shifted, so that the wrong rule is one node among several.
                full = list(args)
                full[slot] = inputs[0] * 1.0
                return mutant(*full) * 0.5 + inputs[0] * 0.25

            report = check_gradients(f, Value(args[slot]))
            assert report.wrong, f"{row.name}, argument {slot}, {what}: not found\n{report}"
            assert report.culprit is not None, f"{row.name}, argument {slot}, {what}: nobody named\n{report}"
            assert report.culprit.op == row.name
            assert report.culprit.kind == "rule"
            seen += 1
    assert seen + equal == 5 * len(row.derivatives)
    assert seen >= len(row.derivatives)  # a constant is always another rule


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_right_elementwise_rule_is_never_accused(row):
    """The same graphs with the healthy rule raise no alarm."""
    for args in points(row):
        for slot in range(row.passive, row.arity):

            def f(x, slot=slot, args=args):
                full = list(args)
                full[slot] = x * 1.0
                return row(*full) * 0.5 + x * 0.25

            report = check_gradients(f, Value(args[slot]))
            assert report.ok, report


def array_mutants():
    """Give the five broken forms of a pullback; what the right one gives is changed."""
    yield "sign", lambda right, g: -right
    yield "factor", lambda right, g: 1.1 * right
    yield (
        "missing term",
        lambda right, g: right * np.where(np.arange(np.size(right)).reshape(np.shape(right)) == 0, 0.0, 1.0),
    )
    yield "reversed", lambda right, g: np.flip(right)
    yield "constant", lambda right, g: 0.731 + 0 * right


def inputs_of(sample):
    """Numbers without ties for the shapes of a sample."""
    draw = np.random.default_rng(7)
    return [draw.uniform(0.5, 1.5, shape) for shape in sample[0]]


@pytest.mark.parametrize("row", ARRAYS, ids=lambda row: row.name)
def test_a_broken_pullback_is_found_and_named(row):
    """Each pullback, broken in five ways, is found in a graph of Tensors, and the operation is named."""
    sample = row.samples[0]
    datas = inputs_of(sample)
    params = sample[1]
    seen = 0
    y = row(*datas, **params)
    for slot in range(len(datas)):
        right_rule = row.pullback(slot)
        right = np.asarray(
            right_rule(np.arange(1.0, np.size(y) + 1).reshape(np.shape(y)), np.asarray(y), *datas, **params)
        )
        for what, change in array_mutants():
            if np.allclose(change(right, None), right, rtol=1e-4):
                continue

            def broken(*args, slot=slot, change=change, right_rule=right_rule, **named):
                if row.variadic:
                    which, g, y, *rest = args
                    given = row.pullbacks[0](which, g, y, *rest, **named)
                    return change(given, g) if which == slot else given
                return change(right_rule(*args, **named), args[0])

            rules = [broken] if row.variadic else [broken if i == slot else p for i, p in enumerate(row.pullbacks)]
            mutant = Structural(
                row.name, row.compute, *rules, form=row.form, variadic=row.variadic, objects=row.objects
            )

            def f(*inputs, mutant=mutant):
                return mutant(*(x * 1.0 for x in inputs), **params) * 0.5

            report = check_gradients(f, *(Tensor(d) for d in datas))
            assert report.wrong or report.problems, f"{row.name}, argument {slot}, {what}: not found\n{report}"
            assert report.culprit is not None, f"{row.name}, argument {slot}, {what}: nobody named\n{report}"
            assert report.culprit.op == row.name
            seen += 1
    assert seen


@pytest.mark.parametrize("row", ARRAYS, ids=lambda row: row.name)
def test_a_right_pullback_is_never_accused(row):
    """Every sample of the table, checked with its healthy pullbacks, raises no alarm."""
    for sample in row.samples:
        report = check_gradients(lambda *inputs, sample=sample: row(*inputs, **sample[1]), *inputs_of(sample))
        assert report.ok, report
