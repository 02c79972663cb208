"""The cursor: any walk ends in the same state as going there directly, bit for bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import InputValueError, Stepper, Tensor, Value
from autograd.errors import GradientError, StaleError, UnknownNameError

from .graphs import build, numbers, recipes, state

MOVES = ("step", "back", "micro", "unmicro", "jump", "until", "back_until", "rewind", "finish", "node")


def walk(stepper, moves):
    """Do a walk of random moves."""
    for move, n in moves:
        match move:
            case "step" | "back":
                getattr(stepper, move)(n % 4)
            case "micro":
                stepper.micro(n % 5)
            case "unmicro":
                stepper.micro(-(n % 5))
            case "jump":
                stepper.to(n % (len(stepper) + 1))
            case "until" | "back_until":
                getattr(stepper, move)(lambda s, n=n: s.index % 3 == n % 3)
            case "node":
                stepper.to(stepper.graph.root)
            case _:
                getattr(stepper, move)()


@settings(max_examples=60, deadline=None)
@given(
    numbers,
    recipes,
    st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 30)), max_size=14),
    st.sampled_from(["value", "tensor", "mixed"]),
    st.sampled_from(["backward", "forward"]),
)
def test_every_walk_ends_where_a_jump_ends(data, recipe, moves, kind, direction):
    """What is seen depends on the place alone, not on the way there."""
    _, y = build(data, recipe, kind)
    stepper = Stepper(y, direction=direction)
    walk(stepper, moves)
    direct = Stepper(y, direction=direction)
    direct.to(stepper.pos)
    direct.micro(stepper.edge)
    assert (direct.pos, direct.edge) == (stepper.pos, stepper.edge)
    assert state(direct) == state(stepper)
    assert str(direct) == str(stepper)


@settings(max_examples=30, deadline=None)
@given(numbers, recipes)
def test_micro_steps_make_a_step(data, recipe):
    """Edge by edge and node by node meet at every node, in both directions."""
    _, y = build(data, recipe)
    slow, fast = Stepper(y), Stepper(y)
    while not fast.at_end:
        fast.step()
        slow.micro(fast.recording.edges(fast.pos - 1))
        assert (slow.pos, slow.edge) == (fast.pos, 0)
    while fast.pos:
        slow.micro(-fast.recording.edges(fast.pos - 1))
        fast.back()
        assert (slow.pos, slow.edge) == (fast.pos, 0)
        assert state(slow) == state(fast)


@pytest.fixture
def lesson():
    """Six nodes, two of them shared."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    d = a * b
    e = d + b
    t = e.tanh()
    f = d * t
    return Stepper(f, names={"d": d, "e": e, "t": t, "f": f})


def test_both_ends(lesson):
    """Past the end there is no step; before the start there is nothing; neither moves the cursor or raises."""
    assert lesson.back() is None
    assert lesson.micro(-3) is None
    lesson.finish()
    assert lesson.step() is None
    assert lesson.micro(1).node.id == "d"
    assert lesson.pos == 4


def test_half_done_step(lesson):
    """In the middle of a step one argument has received and the other has not; next finishes it, back undoes it."""
    lesson.micro(1)
    assert (lesson.now("d"), lesson.now("t")) == (lesson.steps[0].sends[0].amount, None)
    assert "still to come" in str(lesson)
    assert lesson.step().node.id == "f"
    assert lesson.pos == 1
    lesson.micro(1)
    lesson.micro(-1)
    lesson.micro(-1)
    assert (lesson.pos, lesson.edge) == (0, 1)
    lesson.back()
    assert (lesson.pos, lesson.edge) == (0, 0)


def test_places(lesson):
    """to() takes a number, a name, or a node; a leaf means the last step that sends to it."""
    assert lesson.to("e").node.id == "e"
    assert lesson.to(2).node.id == "t"
    assert lesson.to(-1).node.id == "d"
    assert lesson.to(lesson.graph["b"]).node.id == "d"
    with pytest.raises(InputValueError, match="positions are 0 to 4; got 9"):
        lesson.to(9)
    with pytest.raises(UnknownNameError, match="no node 'dd'"):
        lesson.to("dd")
    with pytest.raises(InputValueError, match="whole number"):
        lesson.step(-1)


def test_unreached_node():
    """A condition takes part in the value and not in the gradient: there is no step to go to."""
    from autograd import where

    c, x = Value(1.0, name="c"), Value(2.0, name="x")
    stepper = Stepper(where(c > 0, x * 2, x))
    assert stepper.finish().grads["x"] == 2.0
    k = Tensor([1.0], name="k")
    stepper = Stepper(where(k, Tensor([2.0], name="x"), 0.0).sum())
    assert stepper.finish().grads.get("k") is None
    with pytest.raises(GradientError, match="never reached"):
        stepper.to("k")


def test_iteration_does_the_rest(lesson):
    """A for loop does the remaining steps and leaves the cursor at the end."""
    lesson.step()
    assert [s.node.id for s in lesson] == ["t", "e", "d"]
    assert lesson.at_end


def test_grads_is_a_mapping_of_what_has_arrived(lesson):
    """Grads has the nodes that were reached so far, by id; asking for another is a KeyError, as in a dict."""
    assert dict(lesson.grads) == {"f": 1.0}
    lesson.step()
    assert list(lesson.grads) == ["d", "t", "f"]
    assert lesson.grads.get("b") is None
    with pytest.raises(KeyError):
        lesson.grads["b"]


def test_forward_pass(lesson):
    """Forward, each operation computes its value from numbers that are there already."""
    stepper = Stepper(lesson.graph, direction="forward")
    assert (stepper.now("a"), stepper.now("d")) == (0.5, None)
    assert stepper.step().value == -0.15
    assert [r.value for r in stepper.current.reads] == [0.5, -0.3]
    assert stepper.values["d"] == -0.15
    assert [s.node.id for s in stepper] == ["e", "t", "f"]
    with pytest.raises(GradientError, match="no gradients to commit"):
        stepper.commit()
    with pytest.raises(InputValueError, match='direction is "backward" or "forward"'):
        Stepper(lesson.graph, direction="sideways")


def test_changed_graph_is_noticed(lesson):
    """After a leaf was assigned, moving raises and names the leaf; reset computes and records again."""
    a = lesson.graph["a"].node
    lesson.step()
    a.data = 2.0
    for move in (
        lesson.step,
        lesson.back,
        lambda: lesson.micro(1),
        lambda: lesson.until("d"),
        lesson.finish,
        lesson.commit,
    ):
        with pytest.raises(StaleError, match=r"a was 0\.5 when this pass was recorded and is 2.0 now"):
            move()
    assert lesson.reset().finish().graph["d"].data == -0.6
    assert lesson.grads["a"] != 0.1636


def test_tensor_written_into_is_noticed():
    """Writing into a Tensor through its own methods is noticed too."""
    w = Tensor([1.0, 2.0], name="w")
    stepper = Stepper((w * w).sum())
    w[0] = 7.0
    with pytest.raises(StaleError, match="w"):
        stepper.step()


def test_what_if_keeps_the_users_numbers(lesson):
    """A what-if replays with another leaf: same ids, same place, the user's nodes unchanged, commit refused."""
    lesson.to("e")
    before = lesson.graph["a"].node
    lesson.what_if(a=2.0)
    assert (lesson.pos, lesson.current.node.id, before.data) == (3, "e", 0.5)
    x, y = Value(2.0, name="a"), Value(-0.3, name="b")
    d = x * y
    (d * (d + y).tanh()).backward()
    assert lesson.finish().grads["a"] == x.grad
    with pytest.raises(GradientError, match=r"what-if \(a = 2.0\)"):
        lesson.commit()
    with pytest.raises(InputValueError, match="d is computed"):
        lesson.what_if(d=1.0)
    lesson.reset().finish().commit()
    assert before.grad == pytest.approx(0.16356, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(numbers, recipes, st.sampled_from(["value", "tensor", "mixed"]))
def test_replay_is_computing_again(data, recipe, kind):
    """A what-if gives exactly what the same program gives when it is run with the other number."""
    leaves, y = build(data, recipe, kind)
    other = [data[0] + 0.25, *data[1:]]
    changed = Stepper(y, names={}).with_leaves({"x0": build(other, recipe, kind)[0][0].data}).finish()
    fresh = Stepper(build(other, recipe, kind)[1], names={}).finish()
    assert state(changed) == state(fresh)
    assert {n.id: n.scope for n in changed.graph} == {n.id: n.scope for n in fresh.graph}
    assert all(x.grad is None for x in leaves)


def test_check_agrees_with_finite_differences(lesson):
    """check() compares each edge with finite differences, and a wrong derivative is caught."""
    for _ in lesson:
        assert all(c.ok for c in lesson.check())
    from autograd import operation

    @operation(derivatives=[lambda y, a: 3 * a])  # wrong on purpose: the derivative of a² is 2a
    def wrong_square(a):
        return a * a

    stepper = Stepper(wrong_square(Value(2.0, name="x")))
    stepper.step()
    (found,) = stepper.check()
    assert not found.ok
    assert (found.sent, round(found.measured, 6)) == (6.0, 4.0)
    stepper.rewind()
    with pytest.raises(GradientError, match="no step is done yet"):
        stepper.check()


def test_check_on_arrays_and_at_a_kink():
    """Array operations are checked along a direction; at a kink the report says so instead of blaming the rule."""
    w = Tensor([[1.0, -2.0], [0.5, 3.0]], name="w")
    for step in (stepper := Stepper((w @ w).relu().mean() + w.max())):
        assert all(c.ok for c in stepper.check()), step
    stepper = Stepper(Value(0.0, name="x").relu())
    stepper.step()
    assert [(c.ok, c.kink) for c in stepper.check()] == [(True, True)]


def test_a_kink_does_not_excuse_a_wrong_rule():
    """At a kink only a slope between the two one-sided ones is accepted."""
    from autograd import operation

    @operation(derivatives=[lambda y, a: 5.0])
    def wrong_hinge(a):
        return abs(a)

    stepper = Stepper(wrong_hinge(Value(0.0, name="x")))
    stepper.step()
    assert [c.ok for c in stepper.check()] == [False]


def test_repr_has_no_side_effect(lesson):
    """Repr and str show the place and change nothing."""
    lesson.micro(3)
    before = (lesson.pos, lesson.edge, state(lesson))
    assert repr(lesson) == "<backward stepper of f = d × t: 2 of 4 steps done>"
    str(lesson)
    assert "text/plain" in lesson._repr_mimebundle_()
    assert (lesson.pos, lesson.edge, state(lesson)) == before
