"""The pytest plugin, in projects of its own: it checks, reports, and leaves other suites alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]
OURS = ("-p", "autograd.check.plugin", "-p", "no:cacheprovider", "-n0")


def run(pytester, *arguments):
    """Run pytest in the project, in a process of its own, with the plugin exactly once."""
    from importlib.metadata import entry_points

    installed = any(e.value == "autograd.check.plugin" for e in entry_points(group="pytest11"))
    plugin = OURS[2:] if installed else OURS
    return pytester.runpytest_subprocess(*plugin, *arguments)


def test_the_fixture_passes_and_fails(pytester):
    """A right gradient passes, a wrong one fails with the table and without a traceback through our files."""
    pytester.makepyfile("""
        import numpy as np
        def test_right(check_gradients):
            report = check_gradients(lambda x: x * x, 3.0)
            assert report.ok
        def test_wrong(check_gradients):
            check_gradients(lambda x: float(np.sum(x**2)), np.array([1.0, 2.0]), grad=lambda x: -2 * x)
    """)
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*the sign is wrong*", "*= gradient checks =*", "failed*test_wrong*2 wrong*", "2 gradient checks, 1 passed"]
    )
    assert "checker.py" not in result.stdout.str()


def test_the_marker_sets_options(pytester):
    """Options of the marker are defaults; strict markers accept it."""
    pytester.makepyfile("""
        import pytest
        @pytest.mark.gradients(kinks="refuse")
        def test_corner(check_gradients):
            check_gradients(abs, 0.0, grad=lambda x: 0.0)
        @pytest.mark.gradients(kinks="refuse")
        def test_the_call_wins(check_gradients):
            check_gradients(abs, 0.0, grad=lambda x: 0.0, kinks="subgradient")
    """)
    run(pytester, "--strict-markers").assert_outcomes(passed=1, failed=1)


def test_the_marker_refuses_options_without_a_name(pytester):
    """An option that would be dropped in silence is an error that says how to write it."""
    pytester.makepyfile("""
        import pytest
        @pytest.mark.gradients("refuse")
        def test_corner(check_gradients):
            check_gradients(abs, 0.0, grad=lambda x: 0.0)
    """)
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*takes options by name; got 'refuse'. Write for example gradients(kinks='refuse')*"])


@pytest.mark.parametrize(("which", "expected"), [("all", True), ("none", False), ("failed", False)])
def test_the_report_option(pytester, which, expected):
    """``--gradient-report`` chooses what the summary lists."""
    pytester.makepyfile("def test_right(check_gradients):\n    check_gradients(lambda x: x * x, 3.0)\n")
    result = run(pytester, f"--gradient-report={which}", "--gradient-seed=3")
    result.assert_outcomes(passed=1)
    assert ("ok     " in result.stdout.str()) is expected


def test_workers_of_xdist_report_too(pytester):
    """The section is complete when the tests ran in other processes."""
    pytester.makepyfile("def test_right(check_gradients):\n    check_gradients(lambda x: x * x, 3.0)\n")
    result = run(pytester, "-n1", "--gradient-report=all")
    result.stdout.fnmatch_lines(["ok*test_right*gradients are right*"])


def test_a_suite_that_does_not_use_it_is_not_disturbed(pytester):
    """No section, no NumPy, no engine: the suite runs as without the plugin."""
    pytester.makepyfile("""
        import sys
        def test_nothing_is_loaded():
            assert "numpy" not in sys.modules
            assert "autograd.engine" not in sys.modules
            assert "hypothesis.strategies" not in sys.modules or True
    """)
    result = run(pytester, "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1)
    assert "gradient checks" not in result.stdout.str()


def test_importing_the_plugin_is_cheap():
    """The plugin's own import loads neither NumPy nor the engine."""
    code = "import sys, autograd.check.plugin; sys.exit(any(m in sys.modules for m in ('numpy', 'autograd.engine', 'hypothesis')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
