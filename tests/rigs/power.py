"""Power cuts and failing disks: a program stopped, or refused, at any system call that changes files.

All use strace. ``points`` lists every such call of a run; ``kill`` runs the program until one of
them and kills it there (SIGKILL on entry: the call is not made). ``fail`` lets calls fail as a bad
disk does. ``record`` keeps every call with its bytes, and a ``Disk`` replays a prefix of them and
then loses or tears what was not synced.
"""

import itertools
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from tests.rigs.zygote import Zygote

STRACE = shutil.which("strace")
SECTOR = 512
LIMIT_S = 100
SAID = "say"
CHANGES = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "link")
"""The calls by which SQLite and Python change files."""

_UNKNOWN = ("pwritev", "pwritev2", "writev", "sendfile", "copy_file_range", "fallocate", "truncate", "linkat",
             "unlinkat", "renameat", "renameat2", "sync_file_range", "io_uring_setup")
"""Others that a ``Disk`` could not replay: a recording that holds one in the folder is refused."""

_LINE = re.compile(r"^(?:\d+\s+)?(?P<call>\w+)\((?P<arguments>.*)\)\s+=\s+(?P<result>-?\d+)")
_FD = re.compile(r"^(?P<fd>\d+)<(?P<path>[^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HEX = re.compile(r"(?:\\x[0-9a-f]{2})+")


@dataclass(frozen=True)
class Point:
    """A moment in a run: before it makes ``call`` for the ``number``-th time, after ``said`` lines."""

    call: str
    number: int
    said: int


@dataclass(frozen=True)
class Call:
    """One call that changed a file, or said something: ``name`` of the call, ``path`` it was about.

    ``data`` are the bytes written at ``offset`` (for ``ftruncate`` the size is the offset, for
    ``rename`` and ``link`` the data are the new path). What is said on standard output has the name ``SAID``.
    """

    name: str
    path: str
    data: bytes = b""
    offset: int = 0


def points(command: Sequence[str], log: Path, calls: Sequence[str] = CHANGES) -> list[Point]:
    """Run ``command`` to its end; return every moment at which it makes one of ``calls``, in order."""
    _trace(command, log, ["--seccomp-bpf", "-e", f"trace={','.join({*calls, 'write'})}"], check=True)
    seen, said, found = dict.fromkeys((*calls, "write"), 0), 0, []
    for line in log.read_text(encoding="ascii", errors="replace").splitlines():
        call = _LINE.match(line)
        if call:
            seen[call["call"]] += 1
            if call["call"] in calls:
                found.append(Point(call["call"], seen[call["call"]], said))
            said += call["call"] == "write" and call["arguments"].startswith("1,")
    return found


def kill(command: Sequence[str], at: Point, log: Path) -> str:
    """Run ``command`` until ``at`` and kill it there; return what it said.

    Raises ``ValueError`` when it never came to that moment: it did not run as it did before.
    """
    done = _trace(command, log, _killing(at))
    if done.returncode != -signal.SIGKILL:
        message = f"never came to {at}: {done.stderr}"
        raise ValueError(message)
    return done.stdout


def kill_fork(zygote: Zygote, arguments: Sequence[str], at: Point, log: Path) -> str:
    """Do as ``kill`` with a fork of ``zygote``, which saves the start of Python and all imports."""
    assert STRACE
    said = log.with_suffix(".said")
    with zygote.fork(said, arguments) as (process, end), subprocess.Popen(
            [STRACE, "-f", "-o", str(log), *_killing(at), "-p", str(process)],
            stderr=subprocess.PIPE, text=True, encoding="utf-8") as tracer:
        assert tracer.stderr
        told = tracer.stderr.readline()  # that it is attached, or why not
        try:
            if told.rstrip().endswith("attached"):
                os.kill(process, signal.SIGUSR1)
                tracer.communicate(timeout=LIMIT_S)
        finally:
            tracer.kill()
        if "attached" not in told or end() != -signal.SIGKILL:
            message = f"never came to {at}: {told}"
            raise ValueError(message)
    return said.read_text(encoding="utf-8")


def fail(command: Sequence[str], call: str, error: str, when: str, log: Path) -> str:
    """Run ``command`` while ``call`` fails with ``error``; return what it said.

    ``when`` is strace's: "5" the fifth alone, "5+" from the fifth on, "5..9" some.
    """
    return _trace(command, log, ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]).stdout


def record(command: Sequence[str], log: Path) -> list[Call]:
    """Run ``command`` to its end; return every call that changed a file or said something, in order."""
    _trace(command, log, [
        "--seccomp-bpf", "-y", "-xx", "-s", "9999999", "-e", f"trace={','.join((*CHANGES, *_UNKNOWN))},openat"], check=True)
    return list(_calls(log))


def _killing(at: Point) -> list[str]:
    """Return what makes strace kill at ``at``; with ``--seccomp-bpf`` strace 6.1 would send no signal."""
    return ["-e", f"trace={at.call}", "-e", f"inject={at.call}:signal=SIGKILL:when={at.number}"]


def _trace(
    command: Sequence[str], log: Path, options: Sequence[str], *, check: bool = False,
) -> subprocess.CompletedProcess[str]:
    assert STRACE
    return subprocess.run(
        [STRACE, "-f", "-qq", *options, "-o", str(log), *command],
        capture_output=True, text=True, encoding="utf-8", check=check, timeout=LIMIT_S)


def _calls(log: Path) -> Iterator[Call]:
    for line in log.read_text(encoding="ascii", errors="replace").splitlines():
        found = _LINE.match(line)
        if found is None or int(found["result"]) < 0:
            continue
        name, arguments = found["call"], found["arguments"]
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments)]
        about = _FD.match(arguments)
        path = _HEX.sub(lambda each: bytes.fromhex(each[0].replace("\\x", "")).decode(), about["path"]) if about else ""
        if name == "openat":
            if "O_CREAT" in arguments:
                yield Call("create", texts[0].decode())
            if "O_TRUNC" in arguments:
                yield Call("ftruncate", texts[0].decode())
        elif name in ("unlink", "rename", "link"):
            yield Call(name, texts[0].decode(), b"".join(texts[1:]))
        elif name == "write":
            yield Call(SAID if about and about["fd"] == "1" else name, path, texts[0][:int(found["result"])])
        elif name in ("pwrite64", "ftruncate"):
            offset = int(arguments.rsplit(", ", 1)[1])
            yield Call(name, path, texts[0][:int(found["result"])] if texts else b"", offset)
        else:
            yield Call(name, path)


@dataclass
class _File:
    """A file on the disk: what is durable, and the calls since its last sync."""

    durable: bytes = b""
    pending: list[Call] = field(default_factory=list)
    end: int = 0


class Disk:
    """A folder's files as the calls leave them, up to a power cut.

    The disk is as bad as POSIX allows. A file keeps of each write after its last sync either all,
    nothing, or (one write in four) some of its sectors, in any order. Files made, renamed and
    removed after the last sync of their folder keep their old names, from any of those changes on.
    Folders are there as soon as they are made.
    """

    def __init__(self, folder: Path) -> None:
        """Know the files in ``folder``, as they are now: synced."""
        self._folder = folder
        self._files = {str(path): _File(path.read_bytes(), end=path.stat().st_size)
                       for path in folder.rglob("*") if path.is_file()}
        self._names: list[tuple[Call, _File | None]] = []
        self._kept_names = dict(self._files)

    def take(self, call: Call) -> str:
        """Let ``call`` happen; return what it said, "" for other calls.

        Raises ``ValueError`` on a call that changes files in a way this disk does not know.
        """
        if call.name == SAID:
            return call.data.decode()
        if not Path(call.path).is_relative_to(self._folder) or call.path.endswith("-shm"):
            return ""
        if call.name in _UNKNOWN:
            message = f"{call.name} of {call.path}"
            raise ValueError(message)
        if call.name in ("create", "unlink", "rename", "link"):
            self._name(call)
        elif call.name in ("fsync", "fdatasync"):
            self._sync(call.path)
        else:
            self._change(call)
        return ""

    def _change(self, call: Call) -> None:
        file = self._files[call.path]
        at = file.end if call.name == "write" else call.offset
        file.pending.append(replace(call, offset=at))
        file.end = at if call.name == "ftruncate" else max(file.end, at + len(call.data))

    def _name(self, call: Call) -> None:
        if call.name == "create" and call.path in self._files:
            return
        file = _File() if call.name == "create" else self._files.get(call.path)  # None: a whole folder
        self._names.append((call, file))
        _rename(self._files, call, file)

    def _sync(self, path: str) -> None:
        if path in self._files:
            file = self._files[path]
            file.durable = _applied(file.durable, file.pending)
            file.pending = []
            return
        waiting = []
        for call, named in self._names:
            if Path(path) == Path(call.path).parent:
                _rename(self._kept_names, call, named)
            else:
                waiting.append((call, named))
        self._names = waiting

    def cut(self, chance: Random, into: Path) -> None:
        """Write what the disk may keep into the empty folder ``into``."""
        names = dict(self._kept_names)
        for call, file in self._names[:chance.randint(0, len(self._names))]:
            _rename(names, call, file)
        for path, file in names.items():
            kept = [_torn(call, chance) for call in file.pending if chance.random() < 0.5]
            target = into / Path(path).relative_to(self._folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_applied(file.durable, [call for each in kept for call in each]))


def _rename(files: dict[str, _File], call: Call, file: _File | None) -> None:
    target = call.data.decode() or call.path
    if file is None:
        for path in [each for each in files if Path(each).is_relative_to(call.path)]:
            files[target + path.removeprefix(call.path)] = files.pop(path)
        return
    if call.name in ("unlink", "rename"):
        files.pop(call.path, None)
    if call.name != "unlink":
        files[target] = file


def _torn(call: Call, chance: Random) -> list[Call]:
    """Return ``call`` whole, or (one in four) some of its sectors."""
    if not call.data or chance.random() < 0.75:
        return [call]
    end = call.offset + len(call.data)
    edges = [call.offset, *range(call.offset // SECTOR * SECTOR + SECTOR, end, SECTOR), end]
    return [replace(call, data=call.data[start - call.offset:stop - call.offset], offset=start)
            for start, stop in itertools.pairwise(edges) if chance.random() < 0.5]


def _applied(content: bytes, calls: Sequence[Call]) -> bytes:
    made = bytearray(content)
    for call in calls:
        if call.name == "ftruncate":
            del made[call.offset:]
            made.extend(bytes(call.offset - len(made)))
        else:
            made.extend(bytes(max(0, call.offset - len(made))))
            made[call.offset:call.offset + len(call.data)] = call.data
    return bytes(made)
