"""The station's side of the exchange by stick: batches into a folder, receipts out of it.

Writing moves no mark: what is also sent by the line is known at head office already, which costs
nothing. A file gets its name only when it is whole and on the disk, so an export that was killed
goes on where it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from data.files import disk_faults, sync_file, sync_folder
from data.sealed import seal_content
from station.errors import ErrorCode, StationError
from station.ports import Outbox, Uploads
from station.put_aside import AsideBook, PutAside
from sync.batches import BatchSize, batch_head
from sync.books import sealing_public
from sync.ed25519 import Ed25519Verifier, public_key
from sync.keys import OfficeKey
from sync.push import agree
from sync.stick import (
    BATCH,
    MANIFEST,
    MOST_FILE_BYTES,
    PART,
    RECEIPTS,
    StickAnswer,
    StickBatch,
    StickFile,
    StickManifest,
    batch_file,
    batch_name,
    batch_prefix,
    read_batch_file,
    read_signed,
    signed,
)
from sync.wire import ProblemCode, join_entries, lines_of

_UNPROVEN = frozenset({ErrorCode.SIGNATURE_INVALID, ErrorCode.ANSWER_INVALID})


@dataclass(frozen=True, slots=True)
class Who:
    """The ``station``, its raw private ``key``, and head office's raw public keys, to which batches are sealed."""

    station: str
    key: bytes = field(repr=False)
    office: bytes
    recovery: bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """What lies in the folder for head office: ``entries`` in ``files``, of which ``kept`` were there already."""

    entries: int
    files: int
    kept: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What head office said of one journal: entries ``acknowledged`` now, of these put aside, and what went wrong.

    ``fault`` is JOURNAL_FORKED, JOURNAL_GAP or HEAD_OFFICE_REFUSED where there was one; ``begun``: a
    new incarnation began for it.
    """

    incarnation: str
    acknowledged: int
    moved: int
    quarantined: int
    fault: StationError | None = None
    begun: bool = False


class Export:
    """Writes what is unsent into a folder."""

    def __init__(self, who: Who, folder: Path) -> None:
        """Prepare to write into ``folder``, which exists: a stick that is not there is not filled by mistake."""
        self._who = who
        self._folder = folder
        self._sealed_to = sealing_public(who.office), who.recovery
        self._verifier = Ed25519Verifier(public_key(who.key))
        self._size = BatchSize()

    def run(self, uploads: Uploads, now_us: int) -> Exported:
        """Write all batches of ``uploads`` and then the manifest; whole files that are there stay.

        Raises ``StationError`` STICK_UNUSABLE without the folder, or 4xx when it cannot be written.
        """
        if not self._folder.is_dir():
            raise StationError(ErrorCode.STICK_UNUSABLE, folder=self._folder.name)
        listed: list[StickFile] = []
        entries = kept = 0
        for outbox in uploads.branches():
            place, end = outbox.mark(), outbox.head().seq
            while place < end:
                found = self._held(outbox, place + 1)
                kept += found is not None
                file, last = found or self._write(outbox, place)
                listed.append(file)
                entries, place = entries + last - place, last
        manifest = StickManifest(
            form="card-station stick manifest 1", station=self._who.station, made_us=now_us, files=tuple(listed))
        self._keep(f"{self._who.station}{MANIFEST}", signed(manifest, self._who.key))
        with disk_faults(self._folder):  # what a kill left
            for path in self._folder.glob(f"{self._who.station}_*{BATCH}{PART}"):
                path.unlink()
        return Exported(entries, len(listed), kept)

    def _held(self, outbox: Outbox, first: int) -> tuple[StickFile, int] | None:
        """Return the whole file that is there of a batch from ``first``, and where it ends; others of it are removed."""
        prefix = batch_prefix(self._who.station, outbox.head().incarnation, first)
        best: tuple[StickFile, int] | None = None
        with disk_faults(self._folder):
            for path in sorted(self._folder.glob(f"{prefix}*{BATCH}")):
                raw = _bytes_of(path)
                said = self._whole(raw)
                if said and path.name == batch_name(self._who.station, said.head) and _is_of(outbox, said, first):
                    best = StickFile(name=path.name, digest=sha256(raw).hexdigest()), said.head.last
                else:
                    path.unlink()
        return best

    def _whole(self, raw: bytes) -> StickBatch | None:
        try:
            return read_batch_file(raw).proven(self._verifier)
        except ValueError:
            return None

    def _write(self, outbox: Outbox, place: int) -> tuple[StickFile, int]:
        batch = self._size.cut(outbox.after(place, self._size.entries))
        head = batch_head(outbox, batch[0], batch[-1])
        raw = batch_file(
            self._who.station, self._who.key, head, join_entries([line for each in batch for line in lines_of(each)]),
            lambda content: seal_content(content, *self._sealed_to))
        name = batch_name(self._who.station, head)
        self._keep(name, raw)
        return StickFile(name=name, digest=sha256(raw).hexdigest()), head.last

    def _keep(self, name: str, raw: bytes) -> None:
        """Write a file so that it is there whole or not at all."""
        path = self._folder / name
        part = path.with_name(name + PART)
        with disk_faults(path):
            part.write_bytes(raw)
            sync_file(part)
            part.replace(path)
            sync_folder(self._folder)


def _bytes_of(path: Path) -> bytes:
    """Return what is in a file; nothing where it cannot be one of ours."""
    return path.read_bytes() if path.is_file() and path.stat().st_size <= MOST_FILE_BYTES else b""


def _is_of(outbox: Outbox, said: StickBatch, first: int) -> bool:
    """Return whether the batch is a part of this very journal."""
    head = said.head
    try:
        return (head.first, head.incarnation) == (first, outbox.head().incarnation) and (
            outbox.hash_at(first - 1).hex(), outbox.hash_at(head.last).hex()) == (head.previous, head.head)
    except KeyError:
        return False


def answers(folder: Path, station: str, office: OfficeKey) -> Iterator[StickAnswer | StationError]:
    """Yield what head office wrote into ``folder`` for ``station``, or STICK_INVALID (``file``, ``reason``) for each file that is amiss.

    Raises ``StationError`` STICK_UNUSABLE without the folder, or 4xx.
    """
    if not folder.is_dir():
        raise StationError(ErrorCode.STICK_UNUSABLE, folder=folder.name)
    with disk_faults(folder):
        found = [(path.name, _bytes_of(path)) for path in sorted(folder.glob(f"{station}_*{RECEIPTS}"))]
    for name, raw in found:
        try:
            yield _answer(raw, station, office)
        except ValueError as fault:
            yield StationError(ErrorCode.STICK_INVALID, file=name, reason=str(fault))
        except StationError as fault:
            if fault.code not in _UNPROVEN:
                raise
            yield StationError(ErrorCode.STICK_INVALID, file=name, reason="its change of head office's key is not proven")


def _answer(raw: bytes, station: str, office: OfficeKey) -> StickAnswer:
    unproven = read_signed(raw)
    office.follow(unproven.changes)
    said = unproven.proven(office, StickAnswer)
    if said.station != station:
        message = f"it is for station {said.station}"
        raise ValueError(message)
    return said


def take(uploads: Uploads, said: StickAnswer, book: AsideBook | None = None) -> Answered | None:
    """Move the mark to where head office stands, or return None when that journal is not here.

    What was put aside is kept in ``book``. It goes forward; back only when head office missed entries, for an older answer may lie about.
    Where head office has another history of the journal that goes on, a new incarnation begins.
    """
    branches = uploads.branches()
    outbox = next((each for each in branches if each.head().incarnation == said.incarnation), None)
    if outbox is None:
        return None
    mark = outbox.mark()
    found = [PutAside(said.incarnation, each.seq, each.reason) for receipt in said.receipts for each in receipt.quarantined]
    aside = len(found)
    if book:
        book.note(found)
    codes = [each.problem.code for each in said.problems]
    try:
        agree(outbox, said.acknowledged, said.head)
    except StationError as fault:
        begun = fault.code is ErrorCode.JOURNAL_FORKED and outbox is branches[-1]
        if begun:
            uploads.begin_anew()
        return Answered(said.incarnation, mark, 0, aside, StationError(fault.code), begun)
    fault_told = None
    if codes:
        code = ErrorCode.JOURNAL_GAP if ProblemCode.GAP in codes else ErrorCode.HEAD_OFFICE_REFUSED
        fault_told = StationError(code)
    if said.acknowledged > mark or ProblemCode.GAP in codes:
        outbox.acknowledge(said.acknowledged)
    now = outbox.mark()
    return Answered(said.incarnation, now, now - mark, aside, fault_told)


def covered(folder: Path, station: str, uploads: Uploads) -> Iterator[Path]:
    """Yield the files of batches of ``station`` in ``folder`` that head office acknowledged to the last entry."""
    for outbox in uploads.branches():
        start = f"{station}_{outbox.head().incarnation}_"
        for path in sorted(folder.glob(f"{start}*{BATCH}")):
            last = path.name.removeprefix(start).removesuffix(BATCH).partition("-")[2]
            if last.isdecimal() and int(last) <= outbox.mark():
                yield path
