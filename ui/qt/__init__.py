"""What is on the screen: everything that needs Qt.

PySide6 wraps ``import`` to find out which module wants its optional names (``from __feature__ import …``):
from then on it reads the source of every module that is loaded, a seventh of the program's start. Nothing
here wants them, so ``import`` is Python's own again.
"""

import builtins

_import = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401 - what wraps it

builtins.__import__ = _import
