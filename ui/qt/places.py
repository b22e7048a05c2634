"""Where files can be put: the folders people know, and sticks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

from ui.text import Words, mark

MOUNTS = Path("/proc/self/mounts")
_KNOWN = (
    (mark("Documents"), QStandardPaths.StandardLocation.DocumentsLocation),
    (mark("Desktop"), QStandardPaths.StandardLocation.DesktopLocation),
    (mark("Downloads"), QStandardPaths.StandardLocation.DownloadLocation),
    (mark("Own folder"), QStandardPaths.StandardLocation.HomeLocation))
_LENT = ("/media/", "/run/media/", "/mnt/")
"""Where desktops and administrators hang sticks and shares in (Filesystem Hierarchy Standard 3.0)."""
_ESCAPED = re.compile(r"\\([0-7]{3})")
_AT, _OPTIONS = 1, 3


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and what people call it."""

    name: str
    folder: Path


def places(words: Words, mounts: Path = MOUNTS) -> Sequence[Place]:
    """Return the folders there are, each once; sticks come first: who put one in means it."""
    found = [Place(words("Stick: {name}", name=folder.name or str(folder)), folder) for folder in lent(mounts)]
    for name, where in _KNOWN:
        folder = Path(QStandardPaths.writableLocation(where))
        if folder.is_dir() and folder not in {each.folder for each in found}:
            found.append(Place(words(name), folder))
    return found


def lent(mounts: Path = MOUNTS) -> Iterator[Path]:
    """Yield sticks and shares that can be written to.

    The list of mounts is read where there is one: to ask a share that does not answer would take for ever.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        yield from (Path(each.rootPath()) for each in QStorageInfo.mountedVolumes()
                    if each.isReady() and not each.isReadOnly() and not each.isRoot())
        return
    for line in lines:
        fields = line.split(" ")
        at = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 8)), fields[_AT])
        if at.startswith(_LENT) and "rw" in fields[_OPTIONS].split(","):
            yield Path(at)
