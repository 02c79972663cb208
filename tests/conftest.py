"""What all tests share: the table of operations is left as it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# Machines differ in speed and tests must not: no deadlines, and the same examples in every run.
settings.register_profile("tests", deadline=None, derandomize=True, database=None)
settings.load_profile("tests")


@pytest.fixture(autouse=True)
def _table_is_left_as_found() -> Iterator[None]:
    """Take operations that a test defined out of the table again, so that tests do not see each other's."""
    from autograd import arrays, rules, windows  # noqa: F401  what is shipped enters the table when it is first imported,
    from autograd.operations import TABLE
    from nn import loss_functions  # noqa: F401  so it is imported before the test, or it would be taken out after it

    before = set(TABLE)
    yield
    for name in set(TABLE) - before:
        del TABLE[name]


@pytest.fixture
def shipped_table() -> Iterator[None]:
    """Show only the rows that are shipped, whatever doctests in the same process have added."""
    from autograd import arrays, rules, windows
    from autograd.operations import TABLE, Operation

    shipped = {id(x) for module in (rules, arrays, windows) for x in vars(module).values() if isinstance(x, Operation)}
    added = {name: TABLE.pop(name) for name, row in list(TABLE.items()) if id(row) not in shipped}
    yield
    TABLE.update(added)
