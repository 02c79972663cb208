"""Expressions: what the small language reads, what it computes, and how it refuses everything else."""

from __future__ import annotations

import ast
import math
import sys
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import Graph, Tensor, Value, rules
from autograd.errors import AutogradError, ExpressionError, InputTypeError
from autograd.expressions import whitelist
from autograd.expressions.expression import parse
from autograd.expressions.source import LONGEST, pointed
from autograd.operations import Elementwise

ELEMENTWISE = sorted(n for n, f in whitelist.allowed().items() if isinstance(f, Elementwise))


def refused(text: str, **values: object) -> ExpressionError:
    """Give the error of a text that must not work."""
    with pytest.raises(ExpressionError) as caught:
        parse(text).compute(values)
    return caught.value


# --- what it reads ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4", 14.0), ("(2 + 3) * 4", 20.0), ("2 - 3 - 4", -5.0), ("2 / 4 / 2", 0.25), ("2 ** 3 ** 2", 512.0),
        ("-2 ** 2", -4.0), ("(-2) ** 2", 4.0), ("2 ** -1", 0.5), ("7 % 4", 3.0), ("-7 % 4", 1.0), ("--3", 3.0), ("+3", 3.0),
        ("1e-3 + .5 + 2.", 2.501), ("1_000", 1000), ("pi", math.pi), ("π", math.pi), ("e", math.e), ("ln(e)", 1.0),
        ("max(1, 5, 3)", 5.0), ("min(4, 2)", 2.0), ("maximum(1, 2)", 2.0), ("where(1 < 2, 10, 20)", 10.0),
        ("where(1 < 2 <= 2 and not 3 > 4, 10, 20)", 10.0), ("where(1 > 2 or 2 != 2, 10, 20)", 20.0),
        ("where(True, 1, 2)", 1.0), ("hypot(3, 4)", 5.0), ("leaky_relu(-1)", -0.01), ("leaky_relu(-1, 0.5)", -0.5),
        ("hardtanh(5, b=-2, c=2)", 2.0), ("pow(2, 3)", 8.0), ("arctan2(1, 1)", math.pi / 4), ("sum([1, 2, 3])", 6.0),
        ("mean([[1, 2], [3, 4]], axis=0)[1]", 3.0), ("[1, 2, 3][-1]", 3.0), ("sum([1, 2, 3][0:2])", 3.0),
        ("[1, 2] @ [3, 4]", 11.0), ("einsum('i,i->', [1, 2], [3, 4])", 11.0), ("norm([3, 4])", 5.0),
    ],
)  # fmt: skip
def test_reads_arithmetic(text: str, expected: float) -> None:
    """Precedence, numbers, constants, calls, comparisons and arrays mean what they mean in Python and NumPy."""
    assert float(parse(text)()) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("3 − 2", "3 - 2"), ("3 × 2", "3 * 2"), ("3 · 2", "3 * 2"), ("3 ÷ 2", "3 / 2"), ("3²", "3**2"), ("2⁻¹", "2**-1"),
        ("2¹⁰", "2**10"), ("（1＋2）＊3", "(1+2)*3"), ("max（1，2）", "max(1,2)"), ("√(2)", "sqrt(2)"), ("σ(1)", "sigmoid(1)"),
        ("２ + ３", "2 + 3"), ("\u00a02\u3000+ 1", "2 + 1"), ("where(1 ≤ 2, 3, 4)", "where(1 <= 2, 3, 4)"), ("2\t+ 3", "2 + 3"),
        ("where(1 ≠ 2, 3, 4)", "where(1 != 2, 3, 4)"), ("Φ(0.5)", "normal_cdf(0.5)"), ("∛(8)", "cbrt(8)"), ("  2", "2"),
    ],
)  # fmt: skip
def test_accepts_the_signs_of_a_textbook_and_of_a_chinese_keyboard(typed: str, plain: str) -> None:
    """A learner may type or paste − × · ÷ ² √ and full-width signs."""
    assert parse(typed)() == parse(plain)()


@pytest.mark.parametrize("name", ["权重", "β", "x̄", "été", "x_1", "ﬁ", "ß", "Ω0", "σ"])
def test_names_may_be_in_any_script(name: str) -> None:
    """Any name that Python accepts is a name here, in Python's normal form."""
    expression = parse(f"2*{name} + 1")
    assert expression(**{name: 3.0}) == 7.0


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_operation_of_the_table_can_be_called(name: str) -> None:
    """A call in the text computes and differentiates exactly as a call in Python."""
    op = whitelist.allowed()[name]
    letters = "abc"[: op.arity]
    numbers = dict(zip(letters, (0.6, 0.3, 0.7), strict=False))
    numbers = {k: 1.5 + v for k, v in numbers.items()} if name in ("acosh", "arccosh") else numbers
    expression = parse(f"{name}({', '.join(letters)})")
    direct = op(*numbers.values())
    assert expression(**numbers) == pytest.approx(direct, rel=1e-15)
    nodes = {k: Value(v) for k, v in numbers.items()}
    result = expression(**nodes)
    if isinstance(result, Value) and result.requires_grad:
        result.backward()
        others = [Value(v) for v in numbers.values()]
        op(*others).backward()
        assert [n.grad for n in nodes.values()] == [n.grad for n in others]


def test_the_whitelist_holds_the_public_operations_and_nothing_else() -> None:
    """No name on the list leads to Python itself, and no public elementwise operation is forgotten."""
    allowed = whitelist.allowed()
    assert not {n for n in allowed if n.startswith("_")} | ({"eval", "exec", "open", "getattr", "print"} & set(allowed))
    forgotten = {
        op.name for op in (getattr(rules, n) for n in rules.__all__) if isinstance(op, Elementwise)
    } - {f.name for f in allowed.values() if isinstance(f, Elementwise)}  # fmt: skip
    assert forgotten == {"add", "sub", "mul", "div", "neg", "positive", "mod", "equal", "share", "sinc_slope"}


TREES = st.recursive(
    st.sampled_from(["a", "b", "2", "0.5"]),
    lambda t: st.one_of(
        st.tuples(t, st.sampled_from(["+", "-", "*"]), t).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        t.map(lambda x: f"-{x}"),
        t.map(lambda x: f"{x}*{x} + 1"),
    ),
    max_leaves=12,
)


@given(TREES)
@settings(max_examples=60, deadline=None)
def test_agrees_with_python_on_random_arithmetic(text: str) -> None:
    """Python's own reading of the same text is the truth (eval is safe here: the test made the text)."""
    a, b = 0.75, -1.25
    assert parse(text)(a=a, b=b) == eval(text, {}, {"a": a, "b": b})


@given(TREES)
@settings(max_examples=30, deadline=None)
def test_values_floats_and_arrays_agree(text: str) -> None:
    """The same expression gives the same number from floats, Values and one-element arrays."""
    expression = parse(text)
    plain = expression(a=0.75, b=-1.25)
    nodes = expression(a=Value(0.75), b=Value(-1.25))
    arrays = expression(a=Tensor([0.75]), b=np.array([-1.25]))
    assert float(nodes.data if isinstance(nodes, Value) else nodes) == plain
    assert float(np.ravel(arrays.data if isinstance(arrays, Tensor) else arrays)[0]) == plain


def test_parts_can_be_named() -> None:
    """``z = …; f(z)`` names a part: it is shared, not computed twice, and the graph shows its name."""
    expression = parse("z = w*x + b; z*z")
    assert expression.names == ("w", "x", "b")
    y = expression(w=Value(2.0, name="w"), x=3.0, b=1.0)
    assert [n.id for n in Graph(y, names={}) if n.id == "z"] == ["z"]
    assert len(Graph(y, names={})) == 4


def test_several_expressions_and_lines() -> None:
    """Semicolons, lines and commas separate expressions; only assignments gives the last one."""
    assert parse("a*b; a + b\na - b, a")(a=3.0, b=2.0) == (6.0, 5.0, 1.0, 3.0)
    assert parse("p = a*b; q = p + 1")(a=3.0, b=2.0) == 7.0
    assert parse("a*b; a + b").results == ("a*b", "a + b")


def test_numbers_given_in_the_text_are_inputs() -> None:
    """``w = 2; w*x`` gives w its number; the rest is still needed."""
    expression = parse("w = 2; v = [1, pi]; sum(v)*w*x")
    assert expression.given["w"] == 2.0
    assert expression.names == ("x",)
    assert expression(x=1.0) == pytest.approx(2 * (1 + math.pi))


def test_a_value_wins_over_a_constant() -> None:
    """``e`` is Euler's number until the user gives an ``e``: the lectures use it as a name."""
    expression = parse("d*e")
    assert expression.names == ("d",)
    assert expression.constants == ("e",)
    assert expression(d=2.0) == 2 * math.e
    assert expression(d=2.0, e=5.0) == 10.0


def test_parameters_stay_integers() -> None:
    """``axis=-1`` and ``x[-1]`` need whole numbers, although every number of the arithmetic is a float."""
    x = np.arange(6.0).reshape(2, 3)
    assert parse("sum(x, axis=-1)[0]")(x=x) == 3.0
    assert parse("sum(x, -1)[1]")(x=x) == 12.0
    assert parse("sum(reshape(x, 3, 2)[2, :])")(x=x) == 9.0
    assert parse("transpose(x, axes=(1, 0))[2, 1]")(x=x) == 5.0


def test_arrays_are_differentiated() -> None:
    """Matrix products, means and picks keep the graph."""
    A, x = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([1.0, -1.0])
    parse("mean((A @ x)**2) + x[0]")(A=A, x=x).backward()
    assert np.allclose(x.grad, [1 - 1 - 3, -2 - 4])


# --- what it refuses ----------------------------------------------------------------------------------------------

SLIPS = [
    ("", 0, "empty"), ("  \n ", 0, "empty"), ("2x", 1, "2*x"), ("2 x", 2, "2*x"), ("2(x + 1)", 1, "2*(…)"),
    ("(a)(b)", 3, "(…)*(…)"), ("a b", 2, "a*b"), (")", 0, "closes nothing"), ("x^2", 1, "**"), ("(a + b", 0, "never closed"),
    ("tanh(a*b + c", 4, "never closed"), ("a + b)", 5, "closes nothing"), ("(a]", 2, "does not close"), ("{a}", 0, "round brackets"),
    ("tnah(a)", 0, "did you mean 'tanh'"), ("sigmiod(a)", 0, "did you mean 'sigmoid'"), ("frobnicate(a)", 0, "no function"),
    ("1 + f(x)", 4, "f*(…)"), ("x.sum()", 1, "sum(…)"), ("np.exp(x)", 2, "exp(…)"), ("math . pi", 5, "attribute"),
    ("x.__class__", 1, "attribute"), ("().__class__", 2, "attribute"), ("(1).real", 3, "attribute"),
    ("__import__('os')", 0, "belong to Python"), ("__name__", 0, "belong to Python"), ("a + __builtins__", 4, "belong to Python"),
    ("lambda x: x", 0, "Python language"), ("a if b else c", 2, "where(condition"), ("import os", 0, "Python language"),
    ("[x for x in y]", 3, "Python language"), ("yield a", 0, "Python language"), ("await a", 0, "Python language"),
    ("a is b", 2, "=="), ("x := 3", 2, "name = expression"), ("a = b = c", 0, "one part at a time"), ("a += 1", 0, "name = expression"),
    ("x = x + 1", 0, "own definition"), ("z = a; z = b; z", 7, "has a meaning already"),
    ("a + z; z = b", 7, "has a meaning already"),
    ("a*b = c", 0, "gives a name"), ("f(a) = c", 0, "gives a name"), ("a +", 2, "missing after"), ("a * / b", 4, "cannot stand here"),
    ("*a", 0, "meaning"),
    ("max(*a)", 4, "no meaning"), ("max(**a)", 0, "no meaning"), ("a,,b", 1, "missing after"),
    ("a // b", 2, "floor(a / b)"), ("a && b", 2, "and"), ("a || b", 2, "or"), ("x!", 1, "factorial"), ("~x", 0, "'~'"), ("a ? b", 2, "'?'"),
    ("x → y", 2, "rightwards arrow"),
    ("3j", 0, "complex"), ("0x1f", 0, "decimal"), ("1e999", 0, "largest float"), ("9" * 400, 0, "largest float"),
    ("'a'", 0, "einsum"), ("sin('a')", 4, "einsum"), ("f'{a}'", 1, "sign is missing"), ("'a", 0, "no partner"), ("√x", 0, "brackets"),
    ("a\x00b", 1, "meaning"), ("a\\b", 1, "meaning"), ("1.2.3", 3, "sign is missing"), ("a;;b", 1, "missing after"), ("x(3)", 0, "x*(…)"),
    ("x[1", 1, "never closed"), ("\ud800", 0, "meaning"), ("a @= b", 0, "name = expression"),
    ("print(1)", 0, "no function"), ("del a", 0, "Python language"),
    ("权重 + 偏置 $", 8, "'$'"), ("a\nb c", 4, "b*c"), ("sin", 0, "write sin(…)"), ("a + b", 0, "'a' has no value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "position", "words"), SLIPS, ids=[s[0][:20].encode("unicode_escape").decode() for s in SLIPS]
)
def test_every_slip_gets_its_own_words_and_the_place(text: str, position: int, words: str) -> None:
    """The message says what to write, ``position`` counts characters, and the caret stands below the place."""
    error = refused(text)
    assert words in str(error)
    assert error.position == position
    if "^" in str(error).splitlines()[-1]:
        shown, carets = str(error).splitlines()[-2:]
        line = text.replace("\t", " ")
        start = line.rfind("\n", 0, position) + 1
        if len(line) < 50 and line.isascii() and line.isprintable():
            assert carets.index("^") - 4 == position - start
            assert shown[4:] == line[start:].split("\n")[0]


def test_slips_differ_from_each_other() -> None:
    """Messages are not one sentence for all: the table above has at least forty different ones."""
    heads = {str(refused(text)).split("\n")[0] for text, _, _ in SLIPS}
    assert len(heads) >= 40


def test_a_wide_character_takes_two_columns() -> None:
    """The caret stands below the place even after Chinese names."""
    shown, carets = pointed("权重 + $", 5).splitlines()
    assert carets.index("^") == 4 + 2 * 2 + 3
    assert shown.endswith("$")


def test_a_long_line_is_shown_around_the_place() -> None:
    """Only the neighbourhood of a mistake in a long text is shown, and the caret still points at it."""
    text = "a + " * 200 + "$" + " + a" * 200
    shown, carets = str(refused(text)).splitlines()[-2:]
    assert len(shown) < 80
    assert shown[carets.index("^")] == "$"


@pytest.mark.parametrize(
    "text",
    ["(" * 5000 + "x" + ")" * 5000, "-" * 9000 + "x", "x" + " + x" * 2400, "x**" * 3000 + "x", "f(" * 3000, "[" * 100 + "]" * 100,
     "not " * 2400 + "x", "x" * LONGEST + "x", "x" + "[0]" * 3000, "1 <" * 3000 + " 1"],
    ids=["brackets", "minus", "sum", "power", "calls", "lists", "not", "long", "index", "chain"],
)  # fmt: skip
def test_depth_and_length_are_refused_or_computed(text: str) -> None:
    """No input, however deep or long, ends in a RecursionError or takes long."""
    start = time.perf_counter()
    problem = ""
    try:
        parse(text).compute({"x": 1.0})
    except ExpressionError as error:
        problem = str(error)
    assert len(problem) < 500
    assert time.perf_counter() - start < 5


def test_a_sum_of_many_terms_is_computed() -> None:
    """A thousand operations in a row are within reach, also for differentiation."""
    x = Value(2.0)
    parse("x" + " + x" * 900)(x=x).backward()
    assert x.grad == 901.0


def test_reading_does_not_depend_on_the_recursion_limit() -> None:
    """A text that is read is read with little stack: the reader keeps its own."""
    limit = sys.getrecursionlimit()
    expression = parse("x" + " + x" * 300)
    depth = len(__import__("inspect").stack())
    try:
        sys.setrecursionlimit(depth + 60)
        assert expression(x=1.0) == 301.0
    finally:
        sys.setrecursionlimit(limit)


def test_huge_powers_do_not_hang() -> None:
    """Whole numbers become floats, so 9**9**9 is inf at once instead of a number of 370 million digits."""
    start = time.perf_counter()
    for text in ("9**9**9", "9**9**9**9", "n = 9; n**n**n", "pow(9, 9**9)", "-9**9**9"):
        outcome = parse(text).compute({})
        assert abs(outcome.results[0]) == math.inf
        assert outcome.trouble is not None
        assert "overflow" in str(parse(text).explain(outcome.trouble))
    assert time.perf_counter() - start < 1


ATTACKS = [
    "__import__('os').system('touch pwned')", "open('pwned', 'w')", "eval('1')", "exec('x=1')", "compile('1', '', 'eval')",
    "().__class__.__bases__[0].__subclasses__()", "getattr(x, 'data')", "x.__class__.__mro__", "globals()", "vars()", "breakpoint()",
    "(lambda: 1)()", "[c for c in ()]", "f'{x.__class__}'", "x if x else y", "print('pwned')", "sum.__globals__", "sin.__init__",
    "help()", "input()", "exit()", "__builtins__['eval']('1')", "'%s' % x", "'a'.format(x)", "b'a'", "...", "x[...]", "{}['a']",
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_reaches_python(text: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts to leave the language are refused while reading, before anything is computed."""
    monkeypatch.chdir(str(tmp_path))
    with pytest.raises(ExpressionError):
        parse(text)
    assert not list(__import__("pathlib").Path(str(tmp_path)).iterdir())


@given(st.text(max_size=30) | st.text(alphabet="ab12 +-*/%@()[]{},;.:=<>!^~'\"\\\n_eπ×²√", max_size=25))
@example("a\r=1")
@example("(\n)")
@example("x\f y")
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed: an expression, or an ExpressionError whose position lies in the text."""
    try:
        expression = parse(text)
    except ExpressionError as error:
        problem = error
    else:
        assert expression.results
        ast.parse(expression.source.text)  # what was accepted is Python's syntax, nothing beyond
        return
    assert problem.position is not None
    assert 0 <= problem.position <= len(text)
    assert str(problem)


@given(st.text(alphabet="ab12 +-*/%@()[],;.=<", max_size=18))
@settings(max_examples=200, deadline=None)
def test_what_is_read_computes_or_says_why(text: str) -> None:
    """Computing an accepted text gives results or an error of ours: shapes, axes, missing values."""
    try:
        problem = str(parse(text).compute({"a": 1.5, "b": np.array([1.0, 2.0])}))
    except AutogradError as error:
        problem = str(error)
    assert problem


def test_something_else_than_text_is_refused() -> None:
    """A number or None is no expression."""
    for wrong in (None, 3, b"x", ["x"]):
        with pytest.raises(InputTypeError, match="text"):
            parse(wrong)  # type: ignore[arg-type]


def test_a_step_that_fails_is_pointed_at() -> None:
    """Shapes and axes that do not fit are reported at their place in the text."""
    error = refused("1 + sum(A @ x)", A=Tensor(np.ones((2, 2))), x=Tensor(np.ones(3)))
    assert error.position == 8
    assert "matmul" in str(error)
    assert "(2, 2)" in str(error)
    assert refused("2*mean(x, axis=5)", x=np.ones(2)).position == 2
    assert refused("x[7]", x=np.ones(2)).position == 0
    assert refused("log(x, 2)", x=1.0).position == 0


@pytest.mark.parametrize(
    ("text", "values", "words", "position"),
    [
        ("1 + a/b", {"a": 1.0, "b": 0.0}, "division by zero: 1 / 0 is inf", 4),
        ("a/(b - b)", {"a": 0.0, "b": 1.0}, "division by zero: 0 / 0 is nan", 0),
        ("b**-1", {"b": 0.0}, "division by zero", 0),
        ("reciprocal(b)", {"b": 0.0}, "division by zero", 0),
        ("b % 0", {"b": 1.0}, "division by zero", 0),
        ("2*exp(b)", {"b": 800.0}, "overflow", 2),
        ("a*b*a", {"a": 1e200, "b": 1.0}, "overflow", 0),
        ("log(b)", {"b": -1.0}, "outside the domain", 0),
        ("1 + log(b)", {"b": 0.0}, "outside the domain", 4),
        ("sqrt(b)", {"b": -1.0}, "outside the domain", 0),
        ("b**0.5", {"b": -8.0}, "outside the domain", 0),
        ("sum(1/x)", {"x": np.array([1.0, 0.0])}, "division by zero", 4),
    ],
)
def test_the_first_step_out_of_the_finite_numbers_is_explained(
    text: str, values: dict, words: str, position: int
) -> None:
    """Infinity and nan are not hidden: the step that made them is named in the words of arithmetic, with its place."""
    expression = parse(text)
    for made in (values, {k: Tensor(v) if isinstance(v, np.ndarray) else Value(v) for k, v in values.items()}):
        outcome = expression.compute(made)
        assert outcome.trouble is not None
        error = expression.explain(outcome.trouble)
        assert words in str(error)
        assert error.position == position


@pytest.mark.parametrize(
    ("text", "words"),
    [("sum(broadcast_to(x[0], (100000, 100000)))", "elements"), ("pad(x, 1000000000)", "too large"), ("std(x, x)", "whole number"),
     ("sum(x, axis=x)", "whole number"), ("matmul(x, x, x)", "2 array(s)"), ("outer(x)", "2 array(s)")],
)  # fmt: skip
def test_parameters_that_cannot_work_are_refused(text: str, words: str) -> None:
    """Arrays that would fill the memory, and axes that are no whole numbers, are refused at their place."""
    assert words in str(refused(text, x=Tensor(np.ones(3))))


def test_comparisons_of_lists_of_nodes_are_plain_truth() -> None:
    """A condition on a list of Values carries no graph."""
    y = parse("sum(where([a, b] > 0, 1, 2) * [a, b])")(a=Value(3.0), b=Value(-1.0))
    assert y.data == 1.0


def test_an_infinite_part_of_a_finite_result_is_no_error() -> None:
    """1/(1 + exp(1000)) is 0: the trouble is kept for those who ask, and nothing is raised."""
    outcome = parse("1/(1 + exp(a))").compute({"a": 1000.0})
    assert outcome.results == [0.0]
    assert outcome.trouble is not None
