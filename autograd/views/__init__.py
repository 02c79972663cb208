"""A graph as text, in three ways.

rails      ``text``: in the manner of ``git log --graph``, for graphs of a size that a person reads
tree_view  ``tree``: indented, with back-references
tape_view  ``tape``: a table in the order of computing, for larger graphs
"""

from __future__ import annotations

from autograd.views.rails import text
from autograd.views.tape_view import tape
from autograd.views.tree_view import tree

__all__ = ["tape", "text", "tree"]
