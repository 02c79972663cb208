"""HIPS autograd: another package with the same import name, whose files land in the same folder.

Two orders of installation, two accidents:

- HIPS autograd is installed over ours: its ``__init__.py`` replaces ours, and our modules wake up inside a
  stranger's package. ``errors``, which every one of them imports first, asks ``check_face`` and stops with advice.
- Ours is installed over HIPS autograd: our ``__init__.py`` wins, and the rest of HIPS (``autograd.numpy`` …) is
  still there, so that code written for it half works. ``__init__`` sees a file of theirs and calls ``warn_beside``.
"""

from __future__ import annotations

import sys

ADVICE = (
    "Both packages own the import name 'autograd' and cannot share an environment. Write: pip uninstall -y autograd "
    "chainrule && pip install chainrule   (and keep HIPS autograd in an environment of its own)"
)


def versions() -> str:
    """Name the two distributions as far as pip knows them."""
    from importlib.metadata import PackageNotFoundError, version

    known = []
    for name, words in (("autograd", "HIPS autograd"), ("chainrule", "chainrule")):
        try:
            known.append(f"{words} {version(name)}")
        except PackageNotFoundError:
            known.append(words)
    return " and ".join(known)


def check_face() -> None:
    """Raise ``ImportError`` when the package that we are in has somebody else's ``__init__.py``."""
    face = sys.modules["autograd"]
    if not hasattr(face, "_FACE"):
        raise ImportError(f"{face.__file__} is not ours: HIPS autograd was installed over this package. {ADVICE}")


def warn_beside() -> None:
    """Warn that files of HIPS autograd lie beside ours."""
    import warnings

    warnings.warn(f"{versions()} are installed in the same folder. {ADVICE}", RuntimeWarning, stacklevel=3)
