"""The exchange by stick, at head office: batches out of a folder through the intake, signed receipts into it.

A file is taken through the same steps as the body of ``PUT journal``: the station's signature, the
bounds, the chain, one transaction. What cannot be taken is refused by itself; all else goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

import msgspec
from django.conf import settings

from data.files import disk_faults, sync_file, sync_folder
from data.sealed import unseal_content
from headoffice.intake.batch import inflate, unpack
from headoffice.intake.models import Incarnation
from headoffice.intake.receive import receive
from headoffice.keys import office_changes
from headoffice.refusal import RefusalError
from headoffice.stations.models import Station
from headoffice.transactions import PASSING, will_pass
from station.journal import GENESIS
from sync.books import sealing_key
from sync.ed25519 import Ed25519Verifier
from sync.stick import (
    BATCH,
    MANIFEST,
    MOST_FILE_BYTES,
    PART,
    RECEIPTS,
    BatchFile,
    StickAnswer,
    StickBatch,
    StickManifest,
    StickProblem,
    Unproven,
    read_batch_file,
    read_signed,
    signed,
)
from sync.wire import Problem, ProblemCode, Receipt


@dataclass(frozen=True, slots=True)
class Fared:
    """How one file fared: its ``receipt`` or its ``problem``; both None where the stick only lacks something."""

    name: str
    receipt: Receipt | None = None
    problem: Problem | None = None
    note: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing is to be done about it."""
        return self.receipt is not None

    @property
    def line(self) -> str:
        """The same in words."""
        if self.receipt:
            aside = len(self.receipt.quarantined)
            return (f"{self.receipt.accepted} taken, {self.receipt.duplicates} known"
                    + (f", {aside} put aside" if aside else ""))
        if self.problem:
            wanted = f", wanted from {self.problem.wanted}" if self.problem.wanted else ""
            return f"not taken, {self.problem.code.value}: {self.problem.reason}{wanted}"
        return self.note


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of a batch as it lies on the stick, and what it says of itself, unproven."""

    path: Path
    said: StickBatch


@dataclass(slots=True)
class _Journal:
    """What became of the batches of one journal."""

    receipts: list[Receipt] = field(default_factory=list)
    problems: list[StickProblem] = field(default_factory=list)

    def add(self, fared: Fared) -> None:
        """Keep how a file fared."""
        if fared.receipt:
            self.receipts.append(fared.receipt)
        if fared.problem:
            self.problems.append(StickProblem(name=fared.name, problem=fared.problem))


def take(folder: Path, recovery: bytes | None, now_us: int) -> list[Fared]:
    """Take every batch in ``folder``, write the receipts, and return how each fared, in the order of the journals.

    ``recovery`` is the raw private recovery key, for what was sealed to an earlier office key. Raises
    ``StationError`` 4xx when the folder cannot be read or written; what was taken by then stays
    taken, and the next time it counts as known.
    """
    privates = tuple(filter(None, (sealing_key(settings.KEYS.office), recovery)))
    fared: list[Fared] = []
    found: list[_Found] = []
    for path in _named(folder, BATCH):
        try:
            found.append(_Found(path, read_batch_file(_read(path)).unproven.claims(StickBatch)))
        except ValueError as fault:
            fared.append(Fared(path.name, problem=_invalid(str(fault))))
    found.sort(key=lambda each: (each.said.station, each.said.head.incarnation, each.said.head.first, each.path.name))
    journals: dict[tuple[str, str], _Journal] = {}
    for each in found:
        took = _take(each.path, privates, now_us)
        fared.append(took)
        # Only what its station signed says whose it is: nothing else gets an answer.
        if took.problem is None or took.problem.code is not ProblemCode.SIGNATURE:
            journal = journals.setdefault((each.said.station, each.said.head.incarnation), _Journal())
            journal.add(took)
    told = {each.name for each in fared if each.problem}
    for station in sorted({station for station, _ in journals}):
        fared.extend(each for each in _missing(folder, station) if each.name not in told)
    for (name, incarnation), journal in journals.items():
        _answer(folder, name, incarnation, journal, now_us)
    return fared


def _named(folder: Path, ending: str) -> list[Path]:
    with disk_faults(folder):
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending) and path.is_file())


def _read(path: Path) -> bytes:
    """Return the file's bytes. Raises ``ValueError`` when it is too large to be one of ours."""
    with disk_faults(path):
        if path.stat().st_size > MOST_FILE_BYTES:
            message = f"it has more than {MOST_FILE_BYTES} bytes"
            raise ValueError(message)
        return path.read_bytes()


def _take(path: Path, privates: Sequence[bytes], now_us: int) -> Fared:
    try:
        station, file, said = _proven(path)
        links = unpack(said.head, inflate(_unsealed(file.sealed, privates), said.encoding))
        receipt = msgspec.json.decode(receive(station, said.head, links, now_us), type=Receipt)
    except RefusalError as refusal:
        return Fared(path.name, problem=refusal.problem)
    except PASSING as fault:
        if not will_pass(fault):
            raise
        return Fared(path.name, problem=Problem(code=ProblemCode.BUSY, reason="head office was busy: run the import again"))
    return Fared(path.name, receipt=receipt)


def _proven(path: Path) -> tuple[Station, BatchFile, StickBatch]:
    """Return the station that signed a file, and what it holds. Raises ``RefusalError`` when none did, or it is not whole."""
    try:
        file = read_batch_file(_read(path))
        station, verifier = _signer(file.unproven, file.unproven.claims(StickBatch).station)
        return station, file, file.proven(verifier)
    except ValueError as fault:
        raise _refusal(_invalid(str(fault))) from fault


def _signer(unproven: Unproven, claimed: str) -> tuple[Station, Ed25519Verifier]:
    """Return the station ``claimed`` and the key of it that signed. Raises ``RefusalError`` SIGNATURE."""
    station = Station.objects.filter(id=claimed).first()
    if station is None:
        raise _refusal(Problem(code=ProblemCode.SIGNATURE, reason=f"there is no station {claimed}"))
    for key in filter(None, (bytes(station.public_key), bytes(station.next_key))):
        verifier = Ed25519Verifier(key)
        if verifier.verify(unproven.signature, unproven.document):
            return station, verifier
    reason = f"station {claimed}, as it is known here, did not sign it"
    raise _refusal(Problem(code=ProblemCode.SIGNATURE, reason=reason))


def _unsealed(sealed: bytes, privates: Sequence[bytes]) -> bytes:
    try:
        return unseal_content(sealed, *privates)
    except ValueError as fault:
        raise _refusal(_invalid("it is sealed to another head office, or to an earlier key of this one")) from fault


def _missing(folder: Path, station: str) -> Iterator[Fared]:
    """Yield what the list of ``station`` names and is not there, or that there is no list."""
    path = folder / f"{station}{MANIFEST}"
    if not path.is_file():
        yield Fared(path.name, note="it is not there: the export did not end, and there may be more to come")
        return
    try:
        unproven = read_signed(_read(path))
        _, verifier = _signer(unproven, station)
        listed = unproven.proven(verifier, StickManifest).files
    except ValueError as fault:
        yield Fared(path.name, problem=_invalid(str(fault)))
    except RefusalError as refusal:
        yield Fared(path.name, problem=refusal.problem)
    else:
        there = {each.name: _digest(each) for each in _named(folder, BATCH)}
        for file in listed:
            if file.name not in there:
                yield Fared(file.name, note="it is listed, but not on the stick")
            elif there[file.name] != file.digest:
                yield Fared(file.name, note="it is not the file that is listed")


def _digest(path: Path) -> str:
    with disk_faults(path), path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _answer(folder: Path, station: str, incarnation: str, fared: _Journal, now_us: int) -> None:
    held = Incarnation.objects.filter(station=station, incarnation=incarnation).first()
    said = StickAnswer(
        form="card-station stick answer 1", station=station, incarnation=incarnation,
        acknowledged=held.acknowledged if held else 0, head=(bytes(held.head) if held else GENESIS).hex(),
        made_us=now_us, receipts=tuple(fared.receipts), problems=tuple(fared.problems))
    path = folder / f"{station}_{incarnation}{RECEIPTS}"
    part = path.with_name(path.name + PART)
    with disk_faults(path):
        part.write_bytes(signed(said, settings.KEYS.office, office_changes(settings.HOME).changes))
        sync_file(part)
        part.replace(path)
        sync_folder(folder)


def _invalid(reason: str) -> Problem:
    return Problem(code=ProblemCode.INVALID, reason=reason)


def _refusal(problem: Problem) -> RefusalError:
    return RefusalError(400, problem.code, problem.reason)
