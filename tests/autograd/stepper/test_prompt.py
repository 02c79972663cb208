"""The prompt driven from a file object: what the terminal session does not reach."""

from __future__ import annotations

import io
import sys
from types import ModuleType, SimpleNamespace

import pytest

from autograd import Stepper, Tensor, Value, maximum, scope
from autograd.stepper.predict import verdict
from autograd.terminal import in_notebook
from autograd.views import tape, tree


def talk(stepper, *lines, **options):
    """Type lines and give what was printed."""
    out = io.StringIO()
    stepper.repl(stdin=io.StringIO("\n".join(lines) + "\n"), stdout=out, width=options.pop("width", 80), **options)
    return out.getvalue()


@pytest.fixture
def lesson():
    """Six nodes, two of them shared."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    d = a * b
    e = d + b
    t = e.tanh()
    f = d * t
    return Stepper(f, names={"d": d, "e": e, "t": t, "f": f})


def test_doctest_habit(lesson):
    """In a doctest the same commands print the same text: no prompt, no colour, 80 columns."""
    assert talk(lesson, "j 1") == talk(Stepper(lesson.graph), "j 1")
    assert "\x1b" not in talk(lesson, "n")


def test_the_users_variables_are_bound(lesson):
    """Expressions see the caller's variables, the functions of the package, and node names first."""
    learning_rate = 0.1
    out = io.StringIO()
    lines = ["n", "p learning_rate * g", "p tanh(0.0)", "p abs(t.data) < 1", "p [st.pos, node.id]"]
    lesson.repl(stdin=io.StringIO("\n".join(lines)), stdout=out)
    assert out.getvalue().endswith("0.1\n0.0\nTrue\n[1, 'f']\n"), learning_rate


def test_variables_can_be_given(lesson):
    """A tool that opens the prompt for a script hands over the script's variables."""
    assert "42" in talk(lesson, "p answer", variables={"answer": 42})


def test_changed_graph_refuses_to_show_stale_numbers(lesson):
    """After a leaf was assigned, moves are refused until reset, which computes again."""
    lesson.graph["a"].node.data = 2.0
    text = talk(lesson, "n", "c", "reset", "run")
    assert text.count("*** the graph changed under the stepper: a was 0.5") == 2
    assert "d = a × b = -0.6000" in text


def test_assignment_at_the_prompt_to_data_is_noticed(lesson):
    """a.data = … at the prompt changes the user's own node, and the stepper says so."""
    text = talk(lesson, "a.data = 0.7", "n")
    assert "the graph changed under the stepper: a was 0.5" in text


def test_forward_session(lesson):
    """Forward, the commands about gradients say what to do instead."""
    forward = Stepper(lesson.graph, direction="forward")
    text = talk(forward, "n", "s", "a", "check", "why a", "ledger", "mistakes", "commit", "g", "l", "p g", "c", "rc")
    assert text.count("*** ") == 5
    assert "reads b  b, still to come" in text
    assert "at the end: f = 0.0633" in text


def test_leaf_session():
    """A value that is a leaf opens, says so, and survives every move."""
    text = talk(
        Stepper(Value(2.0, name="x")), "n", "s", "rn", "rs", "c", "rc", "l", "w", "g", "why x", "check", "run", "commit"
    )
    assert text.startswith("x is a leaf: it was given, not computed")
    assert "it is the result itself" in text
    assert "committed: x.grad = 1.0000" in text


def test_tensor_steps_show_shape_norm_and_excerpt():
    """An array shows shape, norm and its first numbers, never all of them."""
    w = Tensor([[float(i * j % 7) for j in range(20)] for i in range(20)], name="w")
    text = talk(Stepper(((w @ w).tanh() * w).sum()), "c", "rn", "j 3", "p w", "a", "check all", "ll", "tree", width=80)
    assert "[20×20] norm" in text
    assert " …" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "6 of 6 edges agree" in text


@pytest.mark.parametrize("width", [80, 48, 30])
@pytest.mark.parametrize("unicode", [True, False])
def test_wide_names_fit(width, unicode):
    """Chinese names take two columns each and lines still fit; in ASCII they become question marks."""
    w, x = Value(2.0, name="权重"), Value(3.0, name="输入")
    loss = (w * x - 1.0) ** 2
    loss.name = "损失"
    from autograd.terminal import display_width

    text = talk(Stepper(loss), "n", "n", "n", "l", "g", "w", "why 权重", width=width, unicode=unicode)
    assert all(display_width(line) <= width for line in text.splitlines())
    assert text.isascii() is not unicode


def test_names_cannot_break_the_screen():
    """Control characters in a name are shown as escapes, not sent to the terminal."""
    x = Value(1.0, name="evil\x1b[2J\nname")
    text = talk(Stepper(x * 2), "n", "g", "tree", "ledger", "a", "w", "ll")
    assert "\x1b" not in text
    assert "evil\\x1b[2J\\nname" in text


def test_large_graph_folds_honestly():
    """Lists of a large graph are folded, and what is hidden is counted."""
    x = Value(1.0, name="x")
    y = x
    for _ in range(500):
        y = y * 1.01
    text = talk(Stepper(y), "j 250", "ll", "g", "w", "tree")
    assert "… 149 earlier steps" in text
    assert "… 150 later steps" in text
    assert "… 471 more nodes …" in text
    assert "more nodes not shown" in text


def test_scope_breakpoint_from_the_prompt():
    """A module's name is a breakpoint, and the card says where a node lies."""
    x = Value(0.3, name="x")
    y = scope("gate", lambda v: (v * 2).sigmoid())(x) * 3
    text = talk(Stepper(y), "b scope:gate", "c", "p n2", "cl 1", "cl 5")
    assert "breakpoint 1: scope:gate" in text
    assert "in gate" in text
    assert "*** no breakpoint '5'" in text


def test_breakpoint_that_cannot_be_hit_says_so_at_once():
    """A node without a gradient, or behind the cursor, is announced when the breakpoint is set."""
    from autograd import where

    k, x = Tensor([1.0], name="k"), Tensor([2.0], name="x")
    text = talk(Stepper(where(k, x, 0.0).sum()), "b k", "c", "b op:sum", "c")
    assert "this pass never gets there" in text
    assert "it lies behind the cursor" in text


def test_predict_verdicts():
    """A learner's answer is judged with the usual slips named."""
    x, w = Value(2.0, name="x"), Value(-0.5, name="w")
    h = w * x
    step = Stepper(h * h * 0.25).steps[2]
    send = step.sends[0]
    assert verdict(send.amount, send) == (True, "right")
    assert verdict(round(send.amount, 4), send)[0]
    assert verdict(-send.amount, send)[1].startswith("right size, wrong sign")
    assert "local derivative; multiply" in verdict(send.local, send)[1]
    assert "upstream gradient; multiply" in verdict(send.upstream, send)[1]
    assert verdict(17.0, send)[1].startswith("off by +18 (1800.0%)")


def test_predict_names_the_new_total():
    """Giving the new total instead of the amount is a common slip, and is named."""
    x = Value(3.0, name="x")
    send = Stepper(x * x).steps[0].sends[1]
    assert "that is the new total" in verdict(6.0, send)[1]


def test_predict_arrays_and_unicode_minus():
    """Arrays are compared by their largest difference; the typographic minus is a minus."""
    w = Tensor([1.0, -2.0], name="w")
    text = talk(Stepper((w * w).sum()), "n", "g * w.data * 0 + 1", "n", "g * w", "", predict=True)
    assert "✓ right" in text
    assert "1 of 1" in text
    text = talk(Stepper(Value(-2.0, name="x") * 3.0), "n", "−3", predict=True)
    assert "right size, wrong sign" in text


def test_predict_forward_verdicts():
    """Forward, an argument given for the result is named as such; what is asked for is no answer to itself."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    d = a * b
    y = (d + b).tanh()
    forward = Stepper(y, direction="forward", names={"d": d, "y": y})
    said = talk(forward, "n 9", "d", "a", "", "tanh(n1)", width=120, predict=True).splitlines()
    assert "*** d is what is asked for; say it with what goes in, or as a number" in said
    assert "  ✗ that is a itself, which goes in; compute d = a × b: it is -0.1500   (0 of 1 right)" in said
    assert said[-1] == "at the end: 1 of 3 right"
    assert "gives    0.5000 × -0.3000 = -0.1500" in "\n".join(said)
    said = talk(Stepper(a * b, direction="forward", names={}), "n", "y", "g", "nonsense", "(", "0.15", predict=True)
    assert said.count("is what is asked for") == 2
    assert "such as a * b" in said
    assert "right size, wrong sign" in said


def test_predict_forward_edge_by_edge():
    """``s`` shows what is read without a question; the question comes with the last edge, or with ``n``."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    for last in ("s", "n"):
        said = talk(Stepper(a * b, direction="forward", names={}), "s", last, "a*b", predict=True)
        assert said.count("What is n1?") == 1
        assert said.index("still to come") < said.index("What is n1?")
        assert said.endswith("at the end: 1 of 1 right\n")
    assert "0 of 0 right" in talk(Stepper(a * b, direction="forward", names={}), "n", "q", "n", predict=True)


def test_predict_forward_arrays_and_nan():
    """Arrays are compared whole; a value that is no number can be said."""
    w, x = Tensor([1.0, -2.0], name="w"), Tensor([3.0, 4.0], name="x")
    said = talk(Stepper((w * x).sum(), direction="forward", names={}), "n 2", "w * x", "w.data @ x.data", predict=True)
    assert "at the end: 2 of 2 right" in said
    said = talk(Stepper((w * x).sum(), direction="forward", names={}), "n 2", "3", "7", predict=True)
    assert "the shapes differ: yours is [], computed is [2]" in said
    nan = Stepper(Value(-1.0, name="v").sqrt(), direction="forward", names={})
    assert "✓ right" in talk(nan, "n", "float('nan')", predict=True)


def test_predict_takes_chained_answers():
    """What is chained with ``;;`` is as if it were typed line by line, also where it answers a question."""
    x = Value(2.0, name="x")
    chained = talk(Stepper(x * x * 3.0, names={}), "n 2;; 3;; ;; g*x;; p 7", predict=True)
    typed = talk(Stepper(x * x * 3.0, names={}), "n 2", "3", "", "g*x", "p 7", predict=True)
    assert chained == typed
    assert "at the end: 2 of 3 right\n7\n" in typed


def test_predict_says_how_the_questions_go():
    """Opened with questions, the prompt explains them; where there is nothing to ask it does not."""
    x = Value(2.0, name="x")
    assert "a blank line gives up on one, q switches it off" in talk(Stepper(x * 3.0), "q", predict=True)
    assert "predict" not in talk(Stepper(x), "q", predict=True)


def test_maximum_and_constants_are_shown():
    """Constants among the arguments are named as such."""
    x = Value(2.0, name="x")
    text = talk(Stepper(maximum(x, 1.0) * 3.0), "n", "a", "n", "a")
    assert "3.0000  (a constant)" in text


def test_saved_markdown_survives_fences(tmp_path, lesson):
    """A transcript in Markdown has a title and a fence that its text cannot close."""
    file = tmp_path / "s.md"
    talk(lesson, "n", "p '~~~~~~'", f"save {file}")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Backprop of f = d × t"
    assert lines[2].removesuffix("text") == lines[-1]
    assert "(backprop) n" in lines
    assert "\x1b" not in file.read_text(encoding="utf-8")


def test_tree_and_tape_of_a_value():
    """The views work on a plain result too, and fold with a count."""
    a = Value(2.0, name="a")
    y = (a * a).tanh() + a
    assert "↑ line" in tree(y)
    assert "not run" in tree(y)
    assert "… 1 more node not shown" in tree(y, max_lines=3)
    assert tree(y, unicode=False, colour=False).isascii()
    assert tape(y).count("\n") == 3
    assert "\x1b[34m" in tape(y, colour=True)
    assert "\x1b[34m" in tree(y, colour=True)


def test_an_imported_kernel_is_no_notebook(lesson, monkeypatch, capsys):
    """Lines piped in are read, also where ipykernel was imported; inside a running kernel the prompt asks."""
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    lesson.repl()
    assert "▶ step 1/4" in capsys.readouterr().out
    kernel = ModuleType("IPython")
    kernel.get_ipython = lambda: SimpleNamespace(kernel=True)
    monkeypatch.setitem(sys.modules, "IPython", kernel)
    assert in_notebook()


def test_a_ledger_of_a_thousand_lines_is_shown_in_parts():
    """The first, the last and those around the cursor; what is left out is counted."""
    x = Value(1.0, name="x")
    y = x
    for _ in range(1000):
        y = y * x
    text = talk(Stepper(y), "j 500", "ledger x")
    lines = text[text.index("x receives") :].splitlines()
    assert len(lines) < 60
    assert "  … 480 more" in lines
    assert [word in text for word in ("step   1 ", "step 500 ", "step 501 ", "step 1000 ")] == [True] * 4
    assert sum(int(line.split()[1]) for line in lines if "more" in line) + len(lines) - 3 == 1001


def test_down_takes_a_slot_or_a_name(lesson):
    """``d b`` looks at the argument of that name; a name that is no argument is refused."""
    text = talk(lesson, "d t", "d", "d zz", "d b")
    assert "e = d + b\n  value -0.4500" in text
    assert "*** e = d + b has no node in slot zz; it has 0 (d), 1 (b)" in text
    assert "b\n  value -0.3000" in text


def test_a_display_that_fails_reads_the_same_every_time(lesson):
    """The exception is shown as it is, when the display is added and after each move."""
    text = talk(lesson, "display 1/0", "n")
    assert text.count("  display 1: 1/0 = ZeroDivisionError: division by zero\n") == 2
