"""Qt is loaded, and ``import`` stays Python's own.

PySide6 wraps ``import`` to find out which module wants its optional names (``from __feature__ import …``):
from then on it reads the source of every module that is loaded, a seventh of the program's start. Nothing
here wants them.
"""

import builtins


def load_qt() -> None:
    """Load what wraps ``import``, and undo that; to be called before anything else loads Qt."""
    own = builtins.__import__
    import PySide6.QtCore  # noqa: F401 - it wraps when it is loaded

    builtins.__import__ = own
