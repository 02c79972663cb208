"""``python -m demos.notebooks``: makes the notebooks from their sources, runs them, and writes them.

``--check`` writes nothing and exits with 1 if the cells of a notebook are not those of its source. Nothing in a file
depends on the time or the machine: no identifiers, no timings, no paths.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
from pathlib import Path
from typing import Any

from demos.notebooks.cells import cells_of

FOLDER = Path(__file__).parent
NOTEBOOKS = ("tour", "tadpoles", "collapse", "logistic")
SECONDS = 600  # that one cell may take


def empty(name: str) -> dict[str, Any]:
    """Give a notebook of the tour or of a lesson, not yet run."""
    cells: list[dict[str, Any]] = []
    for number, cell in enumerate(cells_of(name)):
        written = {"cell_type": cell.kind, "id": f"{name}-{number}", "metadata": {}, "source": cell.source}
        cells.append(written | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def run(notebook: dict[str, Any]) -> dict[str, Any]:
    """Run a notebook and give it with its outputs, plain and the same each time."""
    import nbformat
    from nbclient import NotebookClient

    node = nbformat.from_dict(notebook)
    where = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(node, timeout=SECONDS, record_timing=False, kernel_name="python3", resources=where).execute(
        env=os.environ | {"COLUMNS": "80", "NO_COLOR": "1"}
    )
    ran: dict[str, Any] = json.loads(nbformat.writes(node))
    for cell in ran["cells"]:
        cell["metadata"] = {}
        cell["source"] = "".join(cell["source"])
        if "outputs" in cell:
            outputs = [o for o in cell["outputs"] if o.get("name") != "stderr"]
            cell["outputs"] = joined([{**o, "metadata": {}} if "metadata" in o else o for o in outputs])
    return ran | {"metadata": notebook["metadata"]}


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join what was printed in pieces, which arrive as they like."""
    kept: list[dict[str, Any]] = []
    for output in outputs:
        if kept and output["output_type"] == kept[-1]["output_type"] == "stream":
            kept[-1]["text"] = [*kept[-1]["text"], *output["text"]]
        else:
            kept.append(output)
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = "".join(output["text"]).splitlines(keepends=True)
    return kept


def path_of(name: str) -> Path:
    """Give the file of a notebook."""
    return FOLDER / f"{name}.ipynb"


def written(notebook: dict[str, Any]) -> str:
    """Give the text of its file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def sources(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    """Give kind and source of every cell."""
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


def difference(name: str) -> str:
    """Say how the cells of a written notebook differ from those of its source; an empty text when they do not."""
    made = sources(empty(name))
    path = path_of(name)
    found = sources(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []

    def lines(cells: list[tuple[str, str]]) -> list[str]:
        return [line for kind, source in cells for line in (f"[{kind}]", *source.splitlines())]

    return "\n".join(difflib.unified_diff(lines(found), lines(made), path.name, "made from its source now", "", "", 2))


def main(arguments: list[str]) -> int:
    """Write the notebooks that are named (all when none is), or with ``--check`` say what differs."""
    chosen = [a for a in arguments if not a.startswith("-")] or list(NOTEBOOKS)
    unknown = [a for a in chosen if a not in NOTEBOOKS]
    if unknown or set(arguments) - set(chosen) - {"--check"}:
        print(f"usage: python -m demos.notebooks [--check] [{' '.join(NOTEBOOKS)}]", file=sys.stderr)
        return 2
    if "--check" in arguments:
        differing = "\n".join(filter(None, map(difference, chosen)))
        print(differing or "the notebooks are in step with their sources")
        return int(bool(differing))
    for name in chosen:
        path_of(name).write_text(written(run(empty(name))), encoding="utf-8")
        print(f"notebook: {path_of(name)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
