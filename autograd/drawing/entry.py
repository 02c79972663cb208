"""``draw``: a graph, or one moment of its backward pass, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from autograd.arguments import short
from autograd.drawing import folding, timeline
from autograd.drawing import health as doctor
from autograd.drawing.compose import compose
from autograd.drawing.figure import Figure
from autograd.drawing.options import Options
from autograd.drawing.palette import Theme
from autograd.drawing.passes import Moment, Pass, Share
from autograd.drawing.wording import Numbers, minus, shorten, typeset
from autograd.errors import InputTypeError, InputValueError
from autograd.graph import Graph, GraphNode
from autograd.naming import names_of_caller
from autograd.node import Node
from autograd.opening import open_graph
from autograd.trees import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

View = Literal["forward", "backward", "both"]
Direction = Literal["LR", "RL", "TB", "BT"]


def draw(
    y: Any,
    *,
    view: View = "both",
    health: bool = False,
    direction: Direction | None = None,
    names: Mapping[str, Any] | None = None,
    digits: int = 4,
    number_format: str | Callable[[float], str] | None = None,
    nodes: Iterable[Any] | Callable[[Any], bool] | str | None = None,
    depth: folding.Depth = "auto",
    opened: str | Iterable[str] = (),
    fused: bool = True,
    parameters: Any = None,
    constants: bool = True,
    theme: Theme = "auto",
    run: bool = True,
    title: str | None = None,
) -> Figure:
    """Draw the graph below ``y``: values forward, gradients backward, a local derivative on every edge.

    Args:
        y: a Value, a Tensor, several in a container, a ``Graph``, or a step of the debugger.
        view: ``"forward"`` (values), ``"backward"`` (gradients and derivatives) or ``"both"``.
        health: flag dead, saturated, vanishing, exploding and non-finite places.
        direction: ``"LR"``, ``"RL"``, ``"TB"`` or ``"BT"``; when left out, cards from left to right, one-line boxes from
            top to bottom.
        names: variables to take names from; the caller's own when left out.
        digits: decimals of an ordinary number.
        number_format: a format such as ``".2e"`` or a function from float to text, instead of ``digits``.
        nodes: which nodes to show (ids, Values, or a function of a GraphNode); the rest is folded around them.
        depth: how many levels of modules stay open; ``0`` folds all, ``"all"`` folds nothing, ``"auto"`` takes what fits.
        opened: modules to open beyond that, such as ``"layers.0"``, and fused nodes to show in their parts (``"n7"``).
        fused: False shows every fused node in its parts.
        parameters: the nodes that are parameters (a container, such as ``model.parameters()``); guessed from class and
            name when left out.
        constants: whether unnamed and named constants get cards.
        theme: ``"auto"`` follows the reader's colour scheme; ``"light"`` and ``"dark"`` fix it.
        run: compute the gradients for the picture (``.grad`` is left alone); False shows ``.grad`` as it is, and
            "not run" where no backward pass arrived.
        title: a heading instead of the usual one.

    Raises:
        InputTypeError: ``y`` is nothing that has a graph.
        InputValueError: an option that does not exist.

    >>> from autograd import Value, draw
    >>> x, w = Value(2.0, name="x"), Value(-0.5, name="w")
    >>> picture = draw(x * w, view="backward")
    >>> "∂n1/∂x = w" in picture.source
    True
    >>> x.grad is None
    True
    """
    _check_options(view, direction, theme)
    step, graph = _graph_of(y, names)
    opened = [opened] if isinstance(opened, str) else list(opened)
    graph, opened = _opened(graph, opened, fused=fused, step=step)
    o = Options(view, direction or "LR", Numbers(digits, number_format), run, constants, _positions(graph, parameters))
    if title is not None:
        o.heading = str(title)
    backward = Pass(graph, own=run or step is not None or health)
    plan = folding.fold(graph, depth=depth, opened=opened, nodes=nodes)
    if direction is None and plan.style == "lines":
        o.direction = "TB"
    if step is not None:
        _stop_at(o, graph, backward, step)
    elif health:
        _examine(o, graph, backward)
    figure = Figure(graph, plan, compose(graph, plan, backward, o), backward, o, theme)
    if len(graph) <= folding.CARDS:
        _ = figure.staged  # taken now, so that data that changes later does not reach the page
    return figure


def draw_dot(root: Any, format: str = "svg", rankdir: Direction = "LR", **options: Any) -> Figure:  # noqa: A002, ARG001  micrograd's names
    """Draw as micrograd's ``draw_dot`` does; ``draw`` is the main name."""
    return draw(root, direction=rankdir, **{"names": names_of_caller(), **options})


def make_dot(var: Any, params: Mapping[str, Any] | None = None, **options: Any) -> Figure:
    """Draw as torchviz's ``make_dot`` does, with ``params`` naming the parameters; ``draw`` is the main name."""
    known = dict(params) if params is not None else {}
    if known:
        options.setdefault("parameters", list(known.values()))
    caller = {name: x for name, x in names_of_caller().items() if name not in known}
    return draw(var, **{"names": {**known, **caller}, **options})


def _check_options(view: str, direction: str | None, theme: str) -> None:
    for what, given, allowed in (
        ("view", view, get_args(View)),
        ("direction", direction or "LR", get_args(Direction)),
        ("theme", theme, get_args(Theme)),
    ):
        if given not in allowed:
            raise InputValueError(f"{what} is one of {', '.join(map(repr, allowed))}; got {given!r}")


def _is_step(y: Any) -> bool:
    return not isinstance(y, Node | Graph) and all(hasattr(y, a) for a in ("node", "upstream", "sends"))


def _graph_of(y: Any, names: Mapping[str, Any] | None) -> tuple[Any, Graph]:
    """Give the step, if ``y`` is one (or a stepper that stands at one), and the graph."""
    if isinstance(y, Graph):
        return None, y
    if isinstance(getattr(y, "graph", None), Graph) and hasattr(y, "current"):
        return y.current, y.graph
    if _is_step(y):
        owner = getattr(y, "stepper", None)
        graph = getattr(owner, "graph", None) or getattr(y, "graph", None)
        return y, graph if isinstance(graph, Graph) else _around(y.node)
    if not isinstance(y, Node) and not isinstance(y, tuple | list | dict) and not hasattr(y, "dtype"):
        raise InputTypeError(
            f"draw() takes a Value, a Tensor, several of them, a Graph or a step; got {short(y)} of type {type(y).__name__}"
        )
    for _, root in walk(y):
        if not isinstance(root, Node):
            raise InputTypeError(
                f"draw() takes Values and Tensors; got {short(root)} of type {type(root).__name__}, which has no graph"
            )
        if not root._tracked:
            raise InputValueError(
                f"{root!r} is a constant without a graph (made by detach(), under no_grad(), or frozen): there is nothing "
                "to draw. Compute it from a Value outside no_grad()"
            )
    return None, Graph(y, names=names_of_caller() if names is None else names)


def _around(node: Any) -> Graph:
    """Give the graph that a GraphNode belongs to, with the same ids: everything that it is connected with."""
    if not isinstance(node, GraphNode):
        raise InputTypeError(f"a step names a node of a Graph; got {short(node)} of type {type(node).__name__}")
    seen = {node.position: node}
    todo = [node]
    while todo:
        n = todo.pop()
        for other in (*(a for _, a in n.inputs), *(u for u, _ in n.users)):
            if other.position not in seen:
                seen[other.position] = other
                todo.append(other)
    ends = [n.node for _, n in sorted(seen.items(), reverse=True) if not n.users]
    return Graph(ends, names={n.id: n.node for n in seen.values()})


def _opened(graph: Graph, opened: list[str], *, fused: bool, step: Any) -> tuple[Graph, list[str]]:
    """Open fused nodes; what is left of ``opened`` are modules."""
    ids = [name for name in opened if isinstance(name, str) and name in graph]
    if not ids and fused:
        return graph, opened
    if step is not None:
        raise InputValueError("a step is drawn as the debugger has it; open the node there: Stepper(y).open('n7')")
    return open_graph(graph, ids if fused else None), [name for name in opened if name not in ids]


def _positions(graph: Graph, parameters: Any) -> frozenset[int] | None:
    if parameters is None:
        return None
    found = (
        parameters if isinstance(parameters, tuple | list | dict) or hasattr(parameters, "dtype") else list(parameters)
    )
    return frozenset(graph[leaf].position for _, leaf in walk(found) if isinstance(leaf, Node) and leaf in graph)


def _examine(o: Options, graph: Graph, backward: Pass) -> None:
    o.findings = doctor.diagnose(graph, backward)
    o.view = "both"
    o.heading = o.heading or "gradient health"
    count = len(o.findings)
    o.lines = (
        doctor.LEGEND,
        f"{count} finding{'s' * (count != 1)}" if count else "nothing found: every gradient is alive and finite",
    )


def _stop_at(o: Options, graph: Graph, backward: Pass, step: Any) -> None:
    """Set the options for one moment of the pass: what is done, what is under way, what is still to come."""
    if getattr(step, "direction", "backward") == "forward":
        _stop_forward(o, graph, step)
        return
    at = step.node if hasattr(step.node, "position") else graph[step.node]
    backward.rescale(at, step.upstream)
    moments = list(backward.moments())
    o.view = "both"
    k = next((i for i, m in enumerate(moments) if m.node.position == at.position), None)
    if k is None:
        raise InputValueError(f"{step!r} is no moment of the backward pass of this graph: nothing arrives at {at.id}")
    moment = moments[k]
    sends = tuple(s if isinstance(s, Share) else _share(graph, s) for s in step.sends)
    o.moment = Moment(k + 1, moment.node, step.upstream, sends)
    o.past = frozenset(m.node.position for m in moments[:k])
    sums: dict[int, Any] = {r.position: backward.grad(r) for r in graph.roots}
    for m in moments[:k]:
        sums.update({s.to.position: s.after for s in m.sends})
    sums[at.position] = step.upstream
    o.sums = sums
    o.reserve = timeline.reserved(moments, o.numbers)
    receivers = " and ".join(dict.fromkeys(shorten(s.to.id, 16) for s in sends))
    formulas = " and ".join(shorten(typeset(s.formula, [at.id]), 24) for s in sends)
    what = f"{minus(at.op.form.glyph)} : {shorten(at.formula, 40)}"
    o.heading = o.heading or f"backward step {k + 1} of {len(moments)}   ·   {what}"
    plural = "s" * (len(sends) != 1)
    arrived = f"∂{shorten(graph.root.id, 12)}/∂{shorten(at.id, 16)} = {o.numbers.write(step.upstream)} is final"
    o.lines = (f"{arrived}; send it to {receivers} (local derivative{plural} {formulas})",)


def _share(graph: Graph, send: Any) -> Share:
    """Read a send of the debugger; a first one has received nothing before."""
    to = send.to if isinstance(send.to, GraphNode) else graph[send.to]
    before = None if getattr(send, "first", send.before is None) else send.before
    return Share(to, send.slot, send.formula, send.local, send.upstream, send.amount, before, send.after)


def _stop_forward(o: Options, graph: Graph, step: Any) -> None:
    """Set the options for one moment of the forward pass: values to come are pale."""
    at = step.node if hasattr(step.node, "position") else graph[step.node]
    o.view = "forward"
    o.moment = Moment(at.position, at, None)
    o.past = frozenset(range(at.position))
    o.heading = o.heading or f"forward: {shorten(at.formula, 50)}"
    o.lines = (f"{shorten(at.id, 20)} = {o.numbers.write(at.data)}",)
