"""Three ways of asking what a graph costs in memory, each in an untimed run of its own.

Python's allocator is asked exactly, through ``tracemalloc``. A native engine keeps its graph where
``tracemalloc`` cannot see, so there the growth of the resident set stands in for it: less exact, and in
whole pages.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .description import UnsupportedError, collector_off

if TYPE_CHECKING:
    from collections.abc import Callable


def peak_traced(run: Callable[[], Any]) -> float:
    """Give the most bytes that Python's allocator held for ``run`` at any one time."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before


def peak_resident(run: Callable[[], Any]) -> float:
    """Give the bytes by which the process grew at its largest; for graphs that are large beside a page."""
    try:
        resource, page = import_module("resource"), import_module("resource").getpagesize()
        before = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * page
    except (ImportError, OSError) as error:
        message = "the memory of a native engine is read from /proc, which this system does not have"
        raise UnsupportedError(message) from error
    run()
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before)


def objects_left(run: Callable[[], Any]) -> float:
    """Count the blocks of memory that are still held after ``run`` although it has dropped what it built.

    The collector rests meanwhile: anything but a handful was kept alive by reference cycles.
    """
    run()
    gc.collect()
    with collector_off():
        before = sys.getallocatedblocks()
        run()
        return float(sys.getallocatedblocks() - before)
