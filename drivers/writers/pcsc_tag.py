"""Signed records on NDEF tags (NTAG21x and Ultralight by pages, processor cards by file) through PC/SC.

Which bytes are sent: ``drivers.cards.type2_write`` and ``type4_write``; in which order, so that a tag torn
away is empty and never holds half a record: ``drivers.cards.tag_plan``.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from drivers.apdu import GET_UID, Exchange
from drivers.cards import type2, type2_write, type4_write
from drivers.cards.atr import CardKind
from drivers.cards.guard import refuse_payment_and_phones
from drivers.cards.ndef import read_message
from drivers.cards.record import record_message
from drivers.cards.tag_plan import carry_out, verify
from drivers.pcsc_writing import Bench, Hold, PcscDevices
from drivers.port import Device
from drivers.uid import number_of
from drivers.writer_port import (
    CardForm,
    CardLeft,
    Carrier,
    Job,
    Progress,
    RecordJob,
    WriterSetup,
    WriteStep,
    Written,
    refuse_foreign_number,
    refuse_what_is_held,
)
from station.card_record import unpack
from station.errors import ErrorCode, StationError

EMPTY_MESSAGES = frozenset((b"", b"\xd0\0\0"))
"""No message, and one of a single empty record, with which tags are often formatted."""


class TagWriterDriver:
    """The PC/SC readers of this machine as writers of tags."""

    name = "pcsc_tag"
    title = "Tags through PC/SC"
    form = CardForm.TAG

    def __init__(self, setup: WriterSetup, devices: PcscDevices | None = None) -> None:
        """Write cards of ``setup``'s club."""
        self._setup = setup
        self._devices = devices or PcscDevices()

    def missing(self) -> str | None:
        """Return why pyscard cannot be used, or None."""
        return self._devices.missing()

    def find(self) -> Sequence[Device]:
        """Return the readers the service lists."""
        return self._devices.find()

    def open(self, device: Device) -> "TagWriter":
        """Open ``device``."""
        return TagWriter(self._devices.bench(device), self._setup)


class TagWriter:
    """A reader on which tags are laid down."""

    def __init__(self, bench: Bench, setup: WriterSetup) -> None:
        """Write what is laid on ``bench``, which is closed with the writer."""
        self._bench = bench
        self._setup = setup

    def write(self, job: Job, progress: Progress) -> Written | None:
        """Write the signed record of ``job`` to the next tag; as ``CardWriter.write`` says."""
        if not isinstance(job, RecordJob):
            raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=job.form.value)
        refuse_foreign_number(job.number, self._setup.club)
        return self._bench.next_card(progress, partial(self._write, job, progress))

    def close(self) -> None:
        """Let go of the reader."""
        self._bench.close()

    def _write(self, job: RecordJob, progress: Progress, exchange: Exchange, kind: CardKind, hold: Hold) -> Written:
        """Look at the tag, have its record signed, write it and read it back."""
        if kind not in {CardKind.TYPE_2, CardKind.CHIP}:
            raise StationError(ErrorCode.CARD_NOT_WRITABLE)
        if kind is CardKind.CHIP:
            refuse_payment_and_phones(exchange)
        uid = number_of(exchange(GET_UID).require_success())
        setup = replace(self._setup, is_active=lambda number: hold.ask(partial(self._setup.is_active, number)))
        if not job.overwrite and setup.is_active(uid):
            raise StationError(ErrorCode.CARD_TAKEN)
        if kind is CardKind.TYPE_2:
            tag = type2_write.look(exchange)
            _refuse_held(tag.held, job, setup)
            plan, read = type2_write.plan(exchange, tag, self._message(job, progress, uid)), type2.ndef_message
        else:
            place, most, held = type4_write.look(exchange)
            _refuse_held(held, job, setup)
            message = self._message(job, progress, uid)
            plan, read = type4_write.plan(exchange, place, most, held, message), type4_write.read_message
        progress.tell(WriteStep.WRITING)
        # From here on a tag holds all or nothing, whenever it is torn away.
        hold.left = CardLeft.UNCHECKED
        carry_out(exchange, plan, read)
        progress.tell(WriteStep.CHECKING)
        verify(exchange, plan, read)
        return Written(Carrier.TYPE_2 if kind is CardKind.TYPE_2 else Carrier.TYPE_4, uid)

    def _message(self, job: RecordJob, progress: Progress, uid: str) -> bytes:
        """Return the message with the record that head office signs for the chip ``uid``."""
        progress.tell(WriteStep.ASKING)
        packed = self._setup.key_holder.sign_record(job.number, uid, job.expires)
        try:
            record = unpack(packed)
        except ValueError:
            raise StationError(ErrorCode.ANSWER_INVALID) from None
        if (record.number, record.uid, record.expires) != (job.number, uid, job.expires):
            raise StationError(ErrorCode.ANSWER_INVALID)
        return record_message(packed)


def _refuse_held(held: bytes | None, job: RecordJob, setup: WriterSetup) -> None:
    """Raise the ``StationError`` of a message that is not to be written over."""
    if held is not None and held not in EMPTY_MESSAGES:
        found = read_message(held, setup.club)
        refuse_what_is_held(found.number if found else None, job, setup)


DRIVER = TagWriterDriver
