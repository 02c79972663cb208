"""The command line: an expression and values in; value, gradients, their proof and the graph out.

    python -m autograd "tanh(a*b + c)" a=2 b=-3 c=10

Exit codes: 0 fine, 1 a derivative disagrees with its finite difference, 2 bad input, 130 interrupted.
Nothing heavy is imported before it is needed: ``--help`` works without NumPy.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from autograd.errors import AutogradError, InputValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.expressions.expression import Expression

FINE, DISAGREES, BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141
COMMAND = "python -m autograd"

_EXAMPLES = """\
examples:
  python -m autograd "tanh(a*b + c)" a=2 b=-3 c=10
  python -m autograd "z = w*x + b; sigmoid(z)" w=0.5 x=2 b=-1 --order 2
  python -m autograd "mean((w*x - y)**2)" w=1 x=[1,2,3] y=[2,4,6]
  python -m autograd "x**2" "sin(x)/x" x=pi/4 --format json
  python -m autograd "where(x > 0, x, 0.01*x)" --values numbers.txt
  python -m autograd "relu(w*x) - 1" w=2 x=3 --draw graph.svg
  python -m autograd "p = sigmoid(w*x); -log(p)" w=2 x=3 --step
  python -m autograd "d = a*b; tanh(d + b)" a=0.5 b=-0.3 --predict
  python -m autograd train.py:loss --step
  python -m autograd "tanh(a*b + c)" a=2 b=-3 c=10 --source

Each name needs a value: name=number or name=[1,2,3], here or in a file. Several expressions are separated by ;
or given one by one; name = expression names a part. --names lists the functions.

exit codes: 0 fine, 1 a derivative disagrees with its finite difference, 2 bad input
"""


class _Parser(argparse.ArgumentParser):
    """Errors in our words: one line, how to go on, exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise InputValueError(f"{message}; {COMMAND} --help shows examples")


class _Version(argparse.Action):
    """Print the version; looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        import autograd

        print(f"chainrule {autograd.__version__}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Build the parser of the options."""
    p = _Parser(
        prog=COMMAND,
        description="Compute an expression and its gradients, prove them by finite differences, show the graph.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    p.add_argument("arguments", nargs="*", metavar="EXPRESSION | NAME=VALUE", help='such as "tanh(a*b + c)" and a=2')
    p.add_argument("--order", type=int, choices=(1, 2), default=1, help="2 adds the Hessian (second derivatives)")
    p.add_argument("--format", choices=("text", "json"), default="text", help="json: one object for other programs")
    p.add_argument("--values", metavar="FILE", help="read values from JSON or lines name = number; - is standard input")
    p.add_argument("--names", action="store_true", help="list the functions and constants, then stop")
    p.add_argument(
        "--draw", metavar="FILE", action="append", default=[], help="draw the graph: .svg .html .png .pdf .dot"
    )
    p.add_argument("--step", action="store_true", help="step through the backward pass at a prompt")
    p.add_argument("--forward", action="store_true", help="step through the forward pass instead")
    p.add_argument("--predict", action="store_true", help="step, and be asked for each number before it is shown")
    p.add_argument("--source", action="store_true", help="print the Python that computes value and gradient")
    p.add_argument("--version", action=_Version, nargs=0, help="show the version, then stop")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        try:
            return run(words)
        finally:
            sys.stdout.flush()
    except AutogradError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:  # a full disk behind >
        return _refuse(f"cannot write the output: {error.strerror or error}")
    except ImportError as error:
        return _refuse(f"{error}; install it: python -m pip install chainrule")
    except SystemExit as done:  # --help and --version
        return int(done.code or 0)


def run(words: list[str]) -> int:
    """Do what the command line says; errors are raised."""
    p = parser()
    options = p.parse_intermixed_args([_not_an_option(w, p) for w in words])
    options.step = options.step or options.forward or options.predict
    if options.names:
        print(_names())
        return FINE
    if not options.arguments:
        p.print_help()
        return FINE if not words else BAD_INPUT
    from autograd.command.tools import draw_results, run_script, script_of, source_text, step_through

    if script := script_of(options.arguments):
        if not (options.step or options.draw or options.source):
            raise InputValueError(
                f"say what to do with {options.arguments[0]}: add --step, --source, or --draw graph.svg"
            )
        root, names = run_script(*script)
        if options.source:
            print(source_text(root, names, script[1]))
        for path in options.draw:
            _say_drawn(draw_results([root], path, names))
        if options.step:
            step_through(root, names, forward=options.forward, predict=options.predict)
        return FINE
    return _compute(options)


def _not_an_option(word: str, p: argparse.ArgumentParser) -> str:
    """Let an expression begin with a minus sign: a blank in front keeps argparse from reading ``-x**2`` as an option."""
    known = word.split("=", maxsplit=1)[0] in p._option_string_actions
    return f" {word}" if word.startswith("-") and not word.startswith("--") and word != "-" and not known else word


def _compute(options: argparse.Namespace) -> int:
    from autograd.command import report
    from autograd.command.results import as_given, inputs_of, missing_of, results_of
    from autograd.command.values import read_file, sort_arguments
    from autograd.expressions.expression import parse

    values: dict[str, Any] = {}
    text = ""
    try:
        texts, given = sort_arguments(options.arguments)
        text = "\n".join(texts)
        values = (read_file(options.values) if options.values else {}) | given
        if not texts:
            raise InputValueError(f'there are values but no expression; write for example {COMMAND} "a*b" a=2 b=3')
        expression = parse(text)
        if missing := missing_of(expression, values):
            _refuse_missing(expression, missing, values, options)
        values = as_given(expression, values)
        used = inputs_of(expression, values)
        notes = _notes(expression, values, used)
        results = results_of(expression, values, options.order)
    except AutogradError as error:
        if options.format == "json":
            print(report.dumps(report.error_json(text, values, str(error), getattr(error, "position", None))))
        raise
    inputs = {n: values[n] for n in used}
    if options.format == "json":
        print(report.dumps(report.as_json(text, inputs, results, notes, order=options.order)))
    elif not (options.step or options.source):
        print(report.as_text(results, notes, report.Page.of_terminal(), order=options.order))
    if options.draw or options.step or options.source:
        from autograd.command.tools import draw_results, single_values, source_text, step_through

        if options.source:
            shown = [
                source_text(root, {}, r.text)
                for r, root in zip(results, single_values(expression, inputs), strict=True)
            ]
            print("\n\n\n".join(shown), file=sys.stderr if options.format == "json" else sys.stdout)
        for path in options.draw:
            _say_drawn(draw_results([r.root for r in results], path), quiet=options.format == "json")
        if options.step:
            if len(results) > 1:
                said = f"stepping through the last of {len(results)} expressions: {results[-1].text}"
                print(said, file=sys.stderr if options.format == "json" else sys.stdout)
            step_through(results[-1].root, forward=options.forward, predict=options.predict)
    return FINE if all(r.agrees for r in results) else DISAGREES


def _say_drawn(paths: Sequence[Any], *, quiet: bool = False) -> None:
    for path in paths:
        print(f"drawn: {path}", file=sys.stderr if quiet else sys.stdout)


def _notes(expression: Expression, values: dict[str, Any], used: list[str]) -> list[str]:
    notes = [f"{n} is given but the expression does not use it" for n in values if n not in used]
    if "e" in expression.constants and "e" not in values:
        notes.append("e is Euler's number 2.71828…; give e=… to make it an input")
    return notes


def _refuse_missing(
    expression: Expression, missing: list[str], values: dict[str, Any], options: argparse.Namespace
) -> NoReturn:
    """Say which names need a value, and give the command to type."""
    from autograd.expressions.whitelist import allowed

    idle = [n for n in values if n not in expression.names]
    if missing[0] in allowed() or (idle and len(missing) == 1 and len(values) >= len(expression.names)):
        expression.refuse_name(missing[0], values)  # a slip of the pen: a function without brackets, or another name
    place = expression.places(missing[0])[0]
    words = [_quoted(w) for w in options.arguments] + [f"{n}=1.0" for n in missing]
    words += ["--values", _quoted(options.values)] if options.values else []
    several = len(missing) > 1
    names = ", ".join(missing[:-1]) + f" and {missing[-1]}" if several else missing[0]
    try:
        expression.source.fail(f"{names} {'need values' if several else 'needs a value'}", place.start, place.end)
    except AutogradError as error:
        error.args = (f"{error}\nType for example:\n    {COMMAND} {' '.join(words)}",)
        raise


def _quoted(word: str) -> str:
    """Quote a word for the shell, as the README does."""
    safe = word and all(c.isalnum() or c in "=._-/:,+" for c in word)
    if safe:
        return word
    return f'"{word}"' if not any(c in word for c in '"$`\\!') else "'" + word.replace("'", "'\"'\"'") + "'"


def _names() -> str:
    import textwrap

    from autograd.expressions.whitelist import ALIASES, CONSTANTS, allowed
    from autograd.terminal import columns, plain_ascii, unicode_wanted

    def block(title: str, words: list[str]) -> str:
        return f"{title}\n" + textwrap.fill(
            " ".join(words), max(20, columns() - 2), initial_indent="  ", subsequent_indent="  "
        )

    functions = [n for n in allowed() if n not in ALIASES]
    page = "\n".join(
        [
            block("functions", functions),
            block("other spellings", [f"{a}={b}" for a, b in ALIASES.items()]),
            block("constants", list(CONSTANTS)),
            block(
                "signs",
                ["+", "-", "*", "/", "**", "%", "@", "<", "<=", "==", "!=", ">=", ">", "and", "or", "not", "[…]"],
            ),
        ]
    )
    return page if unicode_wanted() else plain_ascii(page)


def _refuse(message: str) -> int:
    """Write an error to standard error, in the signs and colours it can show."""
    try:
        from autograd.terminal import colour_wanted, paint, plain_ascii, unicode_wanted
    except ImportError:  # without NumPy even the error must come out
        print(f"error: {message}", file=sys.stderr)
        return BAD_INPUT
    shown = message
    if not unicode_wanted(sys.stderr):  # in the line with the carets every column stays where it is
        shown = "\n".join(_same_columns(n) if n.startswith("    ") else plain_ascii(n) for n in message.split("\n"))
    print(paint("error:", "bad", colour=colour_wanted(sys.stderr)), shown, file=sys.stderr)
    return BAD_INPUT


def _same_columns(line: str) -> str:
    from autograd.terminal import display_width

    return "".join(c if c.isascii() else "?" * display_width(c) for c in line)
