"""Text views of a graph beside the rails: the tree with back-references, and the tape."""

from __future__ import annotations

from autograd.views.tape_view import tape
from autograd.views.tree_view import tree

__all__ = ["tape", "tree"]
