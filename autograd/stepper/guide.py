"""What ``help`` says: one entry per command, with its short names, one sentence and an example.

The prompt reads this table for the names as well, so that a command cannot exist without an explanation.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its method, how it is typed, what it does, an example."""

    method: str
    names: str
    arguments: str
    says: str
    example: str
    group: str


MOVE, STOP, LOOK, DRAW, REST = "moving", "stops", "looking", "drawing", "the rest"

ENTRIES = (
    Entry("next", "n next", "[COUNT]", "Do the next node: it sends its gradient to all its arguments.", "n 3", MOVE),
    Entry("step", "s step", "[COUNT]", "Do the next edge only.", "s", MOVE),
    Entry("rnext", "rn rnext back", "[COUNT]", "Undo a node: back in time, bit for bit.", "rn 2", MOVE),
    Entry("rstep", "rs rstep", "[COUNT]", "Undo an edge.", "rs", MOVE),
    Entry("continue", "c cont continue", "", "Run to the next breakpoint, or to the end.", "c", MOVE),
    Entry("rcontinue", "rc rcontinue", "", "Run back to the breakpoint before, or to the start.", "rc", MOVE),
    Entry("until", "unt until", "NODE | WHERE", "Run until a node is done, or until WHERE as in b.", "unt op:tanh", MOVE),
    Entry("runtil", "runt runtil", "NODE | WHERE", "The same, back in time.", "runt d", MOVE),
    Entry("jump", "j jump", "N | NODE", "Go so that N steps are done, or the step of NODE.", "j 3", MOVE),
    Entry("run", "run restart", "", "Start again and run to the first breakpoint, or to the end.", "run", MOVE),
    Entry("rewind", "rewind", "", "Go back to the start.", "rewind", MOVE),
    Entry(
        "break", "b break", "[WHERE [, CONDITION]]",
        "Stop at a node, op:NAME, scope:NAME, nan, vanish<1e-6, explode>1e3, dead; alone: list. In the "
        "condition g is the gradient that arrived.", "b op:mul, abs(g) > 0.5", STOP,
    ),
    Entry("tbreak", "tbreak", "WHERE [, CONDITION]", "The same, once.", "tbreak dead", STOP),
    Entry("clear", "cl clear", "[NUMBER]", "Take a breakpoint back; alone: all of them.", "cl 1", STOP),
    Entry("enable", "enable", "NUMBER", "Switch a breakpoint on again.", "enable 1", STOP),
    Entry("disable", "disable", "NUMBER", "Switch a breakpoint off without losing it.", "disable 1", STOP),
    Entry("watch", "watch", "NODE", "Stop wherever NODE receives something.", "watch b", STOP),
    Entry("display", "display", "[EXPR]", "Show an expression after each move; alone: list.", "display grads.get('b')", STOP),
    Entry("undisplay", "undisplay", "[NUMBER]", "Stop showing it; alone: all of them.", "undisplay 1", STOP),
    Entry("up", "u up", "", "Look one node nearer to the loss; nothing moves in time.", "u", LOOK),
    Entry("down", "d down", "[SLOT]", "Look one node nearer to the inputs (the first argument, or SLOT 0, 1, …).", "d 1", LOOK),
    Entry("list", "l list", "", "The tape around here.", "l", LOOK),
    Entry("longlist", "ll longlist tape", "", "The whole tape.", "ll", LOOK),
    Entry("where", "w where bt", "", "The path from here to the loss.", "w", LOOK),
    Entry("print", "p pp print", "EXPR", "Evaluate Python; node names are bound, g is the gradient that arrived here.", "p b * g", LOOK),
    Entry("args", "a args", "", "The arguments of this node: values, and gradients so far.", "a", LOOK),
    Entry("check", "check", "[all]", "Compare this node (or every node) with finite differences.", "check", LOOK),
    Entry("why", "why explain", "NODE [latex]", "The gradient of NODE as a sum over paths.", "why b", LOOK),
    Entry("ledger", "ledger", "[NODE]", "Which edge added how much to NODE, step by step; alone: to the leaves.", "ledger b", LOOK),
    Entry("mistakes", "mistakes", "", "What wrong algorithms would give on this graph, and where they go wrong first.", "mistakes", LOOK),
    Entry("open", "open", "[NODE]", "Show a fused node in its parts: products and sums; alone: all of them.", "open n7", LOOK),
    Entry("close", "close", "", "Show fused nodes as one node again.", "close", LOOK),
    Entry("graph", "g graph", "[FILE]", "Draw the graph as rails; into FILE (svg png pdf dot html) as a picture.", "g", DRAW),
    Entry("tree", "tree", "", "Draw it as a tree with back-references.", "tree", DRAW),
    Entry("dot", "dot", "FILE", "Write the picture of this step as a .dot file.", "dot step.dot", DRAW),
    Entry("html", "html", "FILE", "Write an interactive page.", "html page.html", DRAW),
    Entry("png", "png svg pdf", "FILE", "Write a picture; the suffix says which kind.", "png step.png", DRAW),
    Entry("set", "set", "LEAF = NUMBER",
        "What if a leaf had another number? Replays from there; your own node keeps its own.", "set a = 2.0", REST),
    Entry("reset", "reset", "", "End the what-if; compute and record again from your data.", "reset", REST),
    Entry("predict", "predict", "[on | off]", "Be asked for each amount before it is shown; forward, for each value.", "predict on", REST),
    Entry("commit", "commit", "", "Write the gradients into .grad, as backward() does.", "commit", REST),
    Entry("save", "save", "FILE", "Save this session as text, or as Markdown (.md).", "save lesson.md", REST),
    Entry("history", "history", "", "The commands so far.", "history", REST),
    Entry("help", "h help ?", "[COMMAND]", "Explain the commands, or one of them.", "h why", REST),
    Entry("quit", "q quit exit", "", "Leave; Ctrl-D does too. Ctrl-C interrupts a run.", "q", REST),
)  # fmt: skip

NAMES = {name: entry for entry in ENTRIES for name in entry.names.split()}


def overview(width: int) -> list[str]:
    """List all commands by group."""
    wide = max(len(f"{e.names.split()[0]} {e.arguments}") for e in ENTRIES if len(e.arguments) < 16)
    lines = []
    for group in (MOVE, STOP, LOOK, DRAW, REST):
        lines.append(f"{group}:")
        for e in ENTRIES:
            if e.group != group:
                continue
            usage = f"{e.names.split()[0]} {e.arguments}".rstrip()
            says = e.says.split(": ")[0].split(";")[0].rstrip(".")
            gap = max(1, wide - len(usage) + 2)
            line = f"  {usage}{' ' * gap}{says}"
            if len(line) > width:
                lines.append(f"  {usage}")
                line = f"      {says}"
            lines.append(line)
    lines.append("A blank line repeats, ;; chains, anything else is Python. h COMMAND gives an example.")
    return lines


def about(name: str) -> list[str]:
    """Explain one command."""
    e = NAMES[name]
    names = ", ".join(e.names.split())
    return [f"{names}  {e.arguments}".rstrip(), f"  {e.says}", f"  for example: {e.example}"]
