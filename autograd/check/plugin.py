"""The pytest plugin: the fixture ``check_gradients``, the marker ``gradients``, a section in the summary.

    def test_energy(check_gradients):
        check_gradients(energy, np.ones(3), order=2)

The fixture takes the arguments of ``autograd.check.check_gradients``, fails the test with the report as its message,
and gives the report otherwise. ``@pytest.mark.gradients(rtol=1e-6, kinks="refuse")`` sets options for a test or a
class. This file imports nothing but pytest until the fixture is used, and changes nothing for tests that do not use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "gradients"
"""The name under which a test's report lines travel, also from the workers of pytest-xdist."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--gradient-report`` and ``--gradient-seed``."""
    group = parser.getgroup("gradients", "gradient checks (chainrule)")
    group.addoption(
        "--gradient-report",
        choices=("failed", "all", "none"),
        default="failed",
        help="which gradient checks the summary lists: those that failed or were weak (default), all, or none",
    )
    group.addoption(
        "--gradient-seed", type=int, default=None, help="seed for cotangents and directions of gradient checks"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest about the marker."""
    config.addinivalue_line(
        "markers",
        "gradients(**options): options for the check_gradients fixture, such as rtol=, order=, kinks=, points=",
    )


@pytest.fixture(name="check_gradients")
def _check_gradients(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Check gradients: ``check_gradients(f, *inputs, **options)`` fails the test, or gives the report."""
    defaults: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("gradients"))):
        if mark.args:
            given = ", ".join(map(repr, mark.args))
            raise pytest.UsageError(
                f"@pytest.mark.gradients takes options by name; got {given}. Write for example gradients(kinks={mark.args[0]!r})"
            )
        defaults.update(mark.kwargs)
    seed = request.config.getoption("--gradient-seed")
    if seed is not None:
        defaults["seed"] = seed

    def check(f: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        from autograd.check.checker import check_gradients

        report = check_gradients(f, *inputs, **{**defaults, **options})
        state = "failed" if not report.ok else "weak" if report.weak else "ok"
        request.node.user_properties.append((KEY, f"{state}: {report.summary}"))
        if not report.ok:
            pytest.fail(str(report), pytrace=False)
        return report

    return check


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the section, if there is anything to say."""
    wanted = config.getoption("--gradient-report")
    lines = []
    total = 0
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":
                continue
            for key, line in getattr(report, "user_properties", ()):
                if key == KEY:
                    total += 1
                    state, _, summary = str(line).partition(": ")
                    if wanted == "all" or (wanted == "failed" and state != "ok"):
                        lines.append(f"{state:<6} {report.nodeid}  {summary}")
    if lines and wanted != "none":
        terminalreporter.section("gradient checks")
        for line in sorted(lines):
            terminalreporter.line(line)
        terminalreporter.line(
            f"{total} gradient checks, {total - sum(line.startswith('failed') for line in lines)} passed"
        )
