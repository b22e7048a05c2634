"""Loading Qt leaves Python as it was."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import builtins
own = builtins.__import__
from ui.qt.loading import load_qt
load_qt()
import PySide6.QtWidgets, ui.qt.opening
print(builtins.__import__ is own)
"""


def test_import_stays_pythons_own() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
