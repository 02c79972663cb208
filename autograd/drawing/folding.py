"""What a picture shows of a graph: which nodes stand alone, and which are folded into a card that counts them.

Types
    Item    one card to be: a single node, or a group of nodes with a title.
    Plan    the items, which item each node went to, and the style of the cards.

Small graphs are shown whole: cards up to 60 nodes, one-line boxes up to 200. Larger ones are folded by module scope, as
deep as fits; what has no scope is folded by repetition: the operations in order of creation are a word, and runs in it
(``mul add mul add …``) are loops of the program. Runs are found again among runs, so a layer of neurons of
products becomes one card. What does not repeat is cut into stretches. Every fold is an interval of the order of
creation, or a scope, and says how many nodes it holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from autograd.drawing.repetition import runs
from autograd.errors import InputValueError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd.graph import Graph, GraphNode

CARDS, LINES, FORCED = 60, 200, 2000
"""How many nodes are shown as cards, as one-line boxes, and at most without ``depth="all"``."""
FOLDED, ARROWS = 30, 120
"""What a folded picture may hold: scopes are opened as long as cards and arrows stay below."""

Depth = int | Literal["auto", "all"]


@dataclass(eq=False, slots=True)
class Item:
    """One card to be."""

    nodes: list[GraphNode]
    title: str | None = None
    """The title of a folded group; None for a single node."""
    path: tuple[str, ...] = ()
    """The scopes around it, outermost first."""
    detail: str = ""

    @property
    def single(self) -> bool:
        """Whether this is one node, shown as itself."""
        return self.title is None


@dataclass(slots=True)
class Plan:
    """What is shown."""

    items: list[Item]
    of: dict[int, Item]
    """Which item each node (by position) went to."""
    style: Literal["cards", "lines"]
    hidden: int
    how: str = ""
    scopes: dict[tuple[str, ...], int] = field(default_factory=dict)


def fold(
    graph: Graph,
    *,
    depth: Depth = "auto",
    opened: Iterable[str] = (),
    nodes: Any = None,
) -> Plan:
    """Decide what is shown.

    Args:
        graph: the snapshot.
        depth: how many levels of scopes stay open: 0 folds every module, ``"all"`` folds nothing, ``"auto"`` takes what fits.
        opened: scopes that are opened beyond that, such as ``"layers.0"``; the others stay folded at ``depth``.
        nodes: the nodes to show (ids, Values, or a function of a GraphNode); the rest is folded around them.
    """
    if nodes is not None:
        return _selected(graph, nodes)
    paths = _paths(graph)
    known = {p[:k] for p in paths for k in range(1, len(p) + 1)}
    opened_paths = {_scope_named(o, known) for o in opened}
    if depth == "all":
        style: Literal["cards", "lines"] = "cards" if len(graph) <= CARDS else "lines"
        return _plan(paths, [Item([n], path=paths[n.position]) for n in graph], style)
    if depth == "auto":
        if len(graph) <= LINES and not opened_paths:
            style = "cards" if len(graph) <= CARDS else "lines"
            return _plan(paths, [Item([n], path=paths[n.position]) for n in graph], style)
        if not known:
            return _by_repetition(paths, [Item([n]) for n in graph])
        best = _by_scope(graph, paths, 0, opened_paths)
        for level in range(1, max(map(len, paths)) + 1):
            tried = _by_scope(graph, paths, level, opened_paths)
            if len(tried) > FOLDED or _arrows(graph, tried) > ARROWS:
                break
            best = tried
        if len(best) > (CARDS if opened_paths else FOLDED):
            return _by_repetition(paths, best)
        return _plan(paths, best, "cards", "folded by module")
    if not isinstance(depth, int) or isinstance(depth, bool) or depth < 0:
        raise InputValueError(f'depth is "auto", "all" or a number of levels from 0; got {depth!r}')
    items = _by_scope(graph, paths, depth, opened_paths)
    if len(items) > FORCED:
        return _by_repetition(paths, items)
    return _plan(paths, items, "cards" if len(items) <= CARDS else "lines", "folded by module")


def _paths(graph: Graph) -> list[tuple[str, ...]]:
    """Give the scopes around each node; a leaf that only one scope uses belongs there."""
    known: dict[str, tuple[str, ...]] = {"": ()}
    for n in graph:
        if n.scope not in known:
            known[n.scope] = levels(n.scope)
    paths = [known[n.scope] for n in graph]
    for n in graph.leaves:
        if not n.users:
            continue
        common = paths[n.users[0][0].position]
        for user, _ in n.users[1:]:
            other = paths[user.position]
            k = 0
            while k < min(len(common), len(other)) and common[k] == other[k]:
                k += 1
            common = common[:k]
            if not common:
                break
        if n.name is None or is_parameter(n):
            paths[n.position] = common
    return paths


def levels(scope: str) -> tuple[str, ...]:
    """Split a dotted scope into levels; a number belongs to the list that it counts.

    >>> levels("layers.0.neurons.3.act")
    ('layers.0', 'neurons.3', 'act')
    """
    path: list[str] = []
    for part in scope.split("."):
        if part.isdigit() and path and not path[-1].rsplit(".", 1)[-1].isdigit():
            path[-1] += f".{part}"
        else:
            path.append(part)
    return tuple(path)


def _arrows(graph: Graph, items: list[Item]) -> int:
    """Count the arrows between items."""
    home = {n.position: k for k, item in enumerate(items) for n in item.nodes}
    return len(
        {
            (home[a.position], home[n.position])
            for n in graph
            for _, a in n.inputs
            if home[a.position] != home[n.position]
        }
    )


def is_parameter(node: GraphNode) -> bool:
    """Guess whether a leaf is a parameter: by the class ``Parameter``, or by a customary name.

    Customary are ``w``, ``b``, ``weight``, ``bias`` and their like, with or without an index (``w1``, ``b_2``,
    ``layers.0.weight``, ``W[0,1]``, ``w₁``).
    """
    if not node.is_leaf or not node.node._tracked:
        return False
    if any(kind.__name__ == "Parameter" for kind in type(node.node).__mro__):
        return True
    name = (node.name or node.id).rsplit(".", 1)[-1]
    stem = name.split("[")[0].rstrip("0123456789_₀₁₂₃₄₅₆₇₈₉'")
    return stem in ("w", "b", "W", "B", "weight", "bias", "gamma", "beta", "theta", "θ", "γ", "β", "scale", "shift")


def _scope_named(name: str, known: set[tuple[str, ...]]) -> tuple[str, ...]:
    path = levels(name)
    if path in known:
        return path
    ending = sorted(p for p in known if p[-len(path) :] == path)
    if ending:
        return ending[0]
    shown = ", ".join(sorted(".".join(p) for p in known)[:8]) or "none: no module or autograd.scope made these nodes"
    raise UnknownNameError(f"no scope {name!r} in this graph; its scopes are {shown}")


def _by_scope(graph: Graph, paths: list[tuple[str, ...]], depth: int, opened: set[tuple[str, ...]]) -> list[Item]:
    """Fold every scope deeper than ``depth``, except those on the way to an opened one, and inside it."""
    groups: dict[tuple[str, ...], Item] = {}
    items: list[Item] = []
    for n in graph:
        path = paths[n.position]
        cut = min(len(path), depth)
        while cut < len(path) and (path[: cut + 1] in opened or any(o[: cut + 1] == path[: cut + 1] for o in opened)):
            cut += 1
        if cut == len(path):
            items.append(Item([n], path=path))
            continue
        key = path[: cut + 1]
        if key not in groups:
            groups[key] = Item([], title=key[cut], path=path[:cut])
            items.append(groups[key])
        groups[key].nodes.append(n)
    return items


def _plan(paths: list[tuple[str, ...]], items: list[Item], style: Literal["cards", "lines"], how: str = "") -> Plan:
    of = {n.position: item for item in items for n in item.nodes}
    hidden = sum(len(i.nodes) for i in items if not i.single)
    sizes: Counter[tuple[str, ...]] = Counter()
    for p in paths:
        for k in range(1, len(p) + 1):
            sizes[p[:k]] += 1
    return Plan(items, of, style, hidden, how if hidden else "", dict(sizes))


def _by_repetition(paths: list[tuple[str, ...]], items: list[Item]) -> Plan:
    """Fold what repeats, in order of creation; leaves follow their users."""
    computed = [i for i in items if not (i.single and i.nodes[0].is_leaf)]
    kept = runs([_signature(i) for i in computed], FOLDED)
    new: list[Item] = []
    home: dict[int, Item] = {}
    for first, last, title in kept:
        members = [n for i in computed[first:last] for n in i.nodes]
        item = computed[first] if last - first == 1 else Item(members, title=title, detail=_contents(members))
        new.append(item)
        for n in members:
            home[n.position] = item
    loose: list[Item] = []
    for i in items:
        if not (i.single and i.nodes[0].is_leaf):
            continue
        leaf = i.nodes[0]
        homes = {id(home[u.position]): home[u.position] for u, _ in leaf.users if u.position in home}
        only = next(iter(homes.values())) if len(homes) == 1 else None
        if only is not None and not only.single:
            only.nodes.append(leaf)
        else:
            loose.append(i)
    if len(loose) > FOLDED // 3:
        rest = [i.nodes[0] for i in loose]
        named = [n for n in rest if n.name][: FOLDED // 5]
        folded = [n for n in rest if n not in named]
        loose = [Item([n]) for n in named] + [
            Item(folded, title=f"{len(folded)} leaves", detail="used by several of these")
        ]
    return _plan(paths, [*loose, *new], "cards", "folded by repetition")


def _signature(item: Item) -> Any:
    if not item.single:
        return item.title
    n = item.nodes[0]
    return (n.op.name, n.shape)


def _contents(nodes: list[GraphNode]) -> str:
    """Name the operations inside, the most frequent first: ``mul add tanh``."""
    counts = Counter(n.op.name for n in nodes if n.op is not None)
    return " ".join(name for name, _ in counts.most_common(3)) + (" …" if len(counts) > 3 else "")


def _selected(graph: Graph, wanted: Any) -> Plan:
    """Show the chosen nodes; every connected rest between them becomes one card."""
    if callable(wanted):
        chosen = {n.position for n in graph if wanted(n)}
    else:
        chosen = {graph[w].position for w in ([wanted] if isinstance(wanted, str) else wanted)}
    if not chosen:
        raise InputValueError(
            "nodes= selects nothing; give ids such as ['w', 'loss'], Values, or a function of a GraphNode"
        )
    group_of: dict[int, int] = {}
    for n in graph:
        if n.position in chosen or n.position in group_of:
            continue
        number = len(set(group_of.values()))
        todo = [n]
        while todo:
            m = todo.pop()
            if m.position in chosen or m.position in group_of:
                continue
            group_of[m.position] = number
            todo.extend(a for _, a in m.inputs)
            todo.extend(u for u, _ in m.users)
    items: list[Item] = []
    groups: dict[int, Item] = {}
    for n in graph:
        if n.position in chosen:
            items.append(Item([n]))
            continue
        k = group_of[n.position]
        if k not in groups:
            groups[k] = Item([], title="…")
            items.append(groups[k])
        groups[k].nodes.append(n)
    for g in groups.values():
        g.detail = _contents(g.nodes)
    style: Literal["cards", "lines"] = "cards" if len(items) <= CARDS else "lines"
    return _plan([()] * len(graph), items, style, "other nodes folded")
