"""What processes cost: proportional memory and processor time, of a process and all that came of it. Linux."""

import os
from collections.abc import Iterable
from pathlib import Path

MEGABYTE_KB = 1000
_PARENT, _USER, _SYSTEM = 1, 11, 12  # places in /proc/PID/stat after the name, proc(5)


def descendants(pid: int) -> set[int]:
    """Return all processes that came of ``pid`` and are still there."""
    parents = {int(each.name): _stat(each) for each in Path("/proc").iterdir() if each.name.isdecimal()}
    found, fresh = set[int](), {pid}
    while fresh:
        found |= fresh
        fresh = {each for each, stat in parents.items() if stat and int(stat[_PARENT]) in fresh}
    return found - {pid}


def command(pid: int) -> str:
    """Return the command line of ``pid``, "" when it ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", errors="replace").replace("\0", " ").strip()
    except OSError:
        return ""


def memory_mb(pids: Iterable[int]) -> float:
    """Return the proportional set size of ``pids`` in MB: memory that several share counts once in all."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        except OSError:  # it ended
            continue
        total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total / MEGABYTE_KB


def cpu_s(pids: Iterable[int]) -> float:
    """Return the processor time ``pids`` used so far, in seconds."""
    stats = [_stat(Path(f"/proc/{pid}")) for pid in pids]
    return sum(int(stat[_USER]) + int(stat[_SYSTEM]) for stat in stats if stat) / os.sysconf("SC_CLK_TCK")


def _stat(folder: Path) -> list[str]:
    try:
        return (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return []
