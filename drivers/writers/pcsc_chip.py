"""Making cards of NTAG 424 DNA and DESFire chips through PC/SC: head office does it, with keys that stay there."""

from collections.abc import Sequence
from functools import partial

from drivers.apdu import GET_UID, Exchange
from drivers.cards.atr import CardKind
from drivers.cards.chip_type import technology_of
from drivers.cards.guard import refuse_payment_and_phones
from drivers.key_relay import relay
from drivers.pcsc_writing import Bench, Hold, PcscDevices
from drivers.port import Device
from drivers.uid import number_of
from drivers.writer_port import (
    CardForm,
    CardLeft,
    Carrier,
    ChipJob,
    Job,
    Progress,
    WriterSetup,
    WriteStep,
    Written,
    refuse_foreign_number,
    write_failed,
)
from station.card_task import CardPurpose, CardStep, CardTask, KeyHolder, Outcome, Verdict
from station.errors import ErrorCode, StationError

_CHANGED = frozenset((ErrorCode.WRITE_FAILED, ErrorCode.WRITE_NOT_VERIFIED, ErrorCode.CARD_UNREADABLE))
"""Refusals of a chip that had begun to be another: head office judges by what the chip answered."""


class ChipWriterDriver:
    """The PC/SC readers of this machine as writers of chips."""

    name = "pcsc_chip"
    title = "Chips with keys through PC/SC"
    form = CardForm.CHIP

    def __init__(self, setup: WriterSetup, devices: PcscDevices | None = None) -> None:
        """Make cards of ``setup``'s club."""
        self._setup = setup
        self._devices = devices or PcscDevices()

    def missing(self) -> str | None:
        """Return why pyscard cannot be used, or None."""
        return self._devices.missing()

    def find(self) -> Sequence[Device]:
        """Return the readers the service lists."""
        return self._devices.find()

    def open(self, device: Device) -> "ChipWriter":
        """Open ``device``."""
        return ChipWriter(self._devices.bench(device), self._setup)


class ChipWriter:
    """A reader on which chips are laid down."""

    def __init__(self, bench: Bench, setup: WriterSetup) -> None:
        """Make what is laid on ``bench``, which is closed with the writer."""
        self._bench = bench
        self._setup = setup

    def write(self, job: Job, progress: Progress) -> Written | None:
        """Have the next chip made; as ``CardWriter.write`` says."""
        if not isinstance(job, ChipJob):
            raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=job.form.value)
        refuse_foreign_number(job.number, self._setup.club)
        return self._bench.next_card(progress, partial(self._make, job, progress))

    def close(self) -> None:
        """Let go of the reader."""
        self._bench.close()

    def _make(self, job: ChipJob, progress: Progress, exchange: Exchange, kind: CardKind, hold: Hold) -> Written:
        """Look at the chip, have it made, and have what was made looked at."""
        if kind is not CardKind.CHIP:
            raise StationError(ErrorCode.CARD_NOT_WRITABLE)
        refuse_payment_and_phones(exchange)
        uid = number_of(exchange(GET_UID).require_success())
        technology = technology_of(exchange)
        if technology is None:
            raise StationError(ErrorCode.CARD_NOT_WRITABLE)
        progress.tell(WriteStep.WRITING)
        task = CardTask(CardPurpose.PERSONALISE, technology, uid, job.number, job.member_id)
        _require_made(self._asked(exchange, hold, task))
        progress.tell(WriteStep.CHECKING)
        task = CardTask(CardPurpose.VERIFY, technology, uid, job.number, job.member_id)
        try:
            verdict = relay(exchange, self._setup.key_holder, task)
        except StationError:
            raise write_failed(CardLeft.UNCHECKED, ErrorCode.WRITE_NOT_VERIFIED) from None
        if verdict.outcome is not Outcome.PROVEN:
            raise write_failed(CardLeft.HALF, ErrorCode.WRITE_NOT_VERIFIED, reason=verdict.reason)
        return Written(Carrier(technology.value), uid)

    def _asked(self, exchange: Exchange, hold: Hold, task: CardTask) -> Verdict:
        """Return what head office makes of the chip; once it has begun, what breaks off may leave half a card."""
        try:
            return relay(exchange, _Watched(self._setup.key_holder, hold), task)
        except StationError as fault:
            if hold.left is CardLeft.UNCHANGED:
                raise
            raise write_failed(hold.left, because=fault.code.value) from None


class _Watched:
    """A key holder whose first commands are the sign that the chip changes."""

    def __init__(self, key_holder: KeyHolder, hold: Hold) -> None:
        self._key_holder = key_holder
        self._hold = hold
        self.check_sun = key_holder.check_sun
        self.sign_record = key_holder.sign_record

    def begin(self, task: CardTask) -> CardStep:
        """Begin; nothing has been sent to the chip when this raises."""
        step = self._key_holder.begin(task)
        self._hold.left = CardLeft.HALF
        return step

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        """Go on."""
        return self._key_holder.go_on(session, answers)


def _require_made(verdict: Verdict) -> None:
    """Raise the ``StationError`` of a chip that was not made; one that was refused before it was changed is as it was."""
    if verdict.outcome is Outcome.DONE:
        return
    code = verdict.refusal or ErrorCode.WRITE_FAILED
    if code in _CHANGED:
        raise write_failed(CardLeft.HALF, reason=verdict.reason)
    raise StationError(code, reason=verdict.reason)


DRIVER = ChipWriterDriver
