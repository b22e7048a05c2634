"""Encoding stripes with MSR206, MSR605 and MSR606 reader-encoders on a serial line.

Programmer's manual, revision B (2009). A card is drawn through three times: to be looked at, so that a
bank card held by mistake is not written over; to be written; to be read back. A device cannot tell
whether it is the same card each time. Tracks that are to be empty and are not are erased first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import monotonic

from drivers.bank_cards import is_bank_track
from drivers.msr_device import MSR_RESET, wake
from drivers.port import Device
from drivers.readers.msr605 import ANSWER_LIMIT_S, NAME, Answer, AnswerStream
from drivers.serial_line import Line, SerialPorts
from drivers.streams import Held
from drivers.track_frames import ESC, MSR_READ, MsrStatus, Swipe, write_msr
from drivers.tracks import ALPHABETS, Track, TrackData, track_data
from drivers.writer_port import (
    CardForm,
    CardLeft,
    Carrier,
    Job,
    Progress,
    StripeJob,
    WriterSetup,
    WriteStep,
    Written,
    refuse_foreign_number,
    refuse_what_is_held,
    write_failed,
)
from station.card_record import to_tracks, unpack
from station.errors import ErrorCode, StationError

LOOK_S = 0.25
TRIES = 3
"""Swipes that go wrong before a card counts as one that cannot be written, or read back."""
_HIGH, _LOW = ESC + b"x", ESC + b"y"
_ERASE = ESC + b"c"
_ERASES: Mapping[frozenset[Track], int] = {
    frozenset({Track.ONE}): 0x00, frozenset({Track.TWO}): 0x02, frozenset({Track.THREE}): 0x04,
    frozenset({Track.ONE, Track.TWO}): 0x03, frozenset({Track.ONE, Track.THREE}): 0x05,
    frozenset({Track.TWO, Track.THREE}): 0x06, frozenset(Track): 0x07,
}
_STATUS_BYTES = 2
_NOTHING_READ = f"{MsrStatus.FAILED:02X}"
_REFUSED = frozenset((MsrStatus.FORMAT, MsrStatus.COMMAND))
Tracks = dict[Track, TrackData]


class StripeWriterDriver:
    """Reader-encoders on the ports that the shop's settings name. A device path is "msr605:" and the port."""

    name = NAME
    title = "MSR206/605/606 reader-encoders"
    form = CardForm.STRIPE

    def __init__(
        self, setup: WriterSetup, ports: SerialPorts | None = None, answer_limit_s: float = ANSWER_LIMIT_S,
    ) -> None:
        """Write cards of ``setup``'s club; a device has ``answer_limit_s`` seconds to answer."""
        self._setup = setup
        self._ports = replace(ports or SerialPorts(), paths=setup.ports.get(NAME, ()))
        self._answer_limit_s = answer_limit_s

    def missing(self) -> str | None:
        """Return why pyserial cannot be used, or None."""
        return self._ports.missing()

    def find(self) -> Sequence[Device]:
        """Return the ports. Raises ``StationError`` READER_DRIVER_MISSING."""
        return self._ports.find(NAME)

    def open(self, device: Device) -> "StripeWriter":
        """Reset and test ``device`` and set it to the shop's stripes.

        Raises ``StationError`` as ``Msr605Driver.open``; WRITER_UNAVAILABLE from a device that only reads.
        """
        line = self._ports.open(NAME, device)
        try:
            return StripeWriter(line, self._setup, self._answer_limit_s)
        except StationError:
            line.close()
            raise


class StripeWriter:
    """A reader-encoder at the end of an open line."""

    def __init__(self, line: Line, setup: WriterSetup, answer_limit_s: float) -> None:
        """Have the device on ``line``, which is closed with the writer, write as ``setup`` says."""
        self._line = line
        self._setup = setup
        self._answer_limit_s = answer_limit_s
        wake(line, answer_limit_s)
        line.send(_HIGH if setup.hi_co else _LOW)
        deadline = monotonic() + answer_limit_s
        if self._status(lambda: monotonic() > deadline) != MsrStatus.DONE:
            raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=CardForm.STRIPE.value)

    def write(self, job: Job, progress: Progress) -> Written | None:
        """Look at the next card, write it and read it back; as ``CardWriter.write`` says."""
        if not isinstance(job, StripeJob):
            raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=job.form.value)
        refuse_foreign_number(job.number, self._setup.club)
        tracks = self._tracks(job, progress)
        wake(self._line, self._answer_limit_s)
        held = self._look(job, progress)
        if held is None:
            return None
        others = held - frozenset(tracks)
        if others and not self._erase(others, progress):
            return None
        if not self._encode(tracks, progress, is_changed=bool(others)):
            return None
        self._check(tracks, progress)
        return Written(Carrier.STRIPE)

    def close(self) -> None:
        """Disarm the device, as far as it is there, and let go of the port."""
        try:
            self._line.send(MSR_RESET)
        except StationError:
            pass
        finally:
            self._line.close()

    def _tracks(self, job: StripeJob, progress: Progress) -> Tracks:
        """Return what is to stand on the card, the record signed by head office if one is wanted."""
        club = self._setup.club
        before = chr(ALPHABETS[club.track].separator) * club.group + club.lead
        texts = {club.track: before + job.number}
        if job.signed:
            if club.track is not Track.TWO:
                raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=CardForm.STRIPE.value)
            progress.tell(WriteStep.ASKING)
            texts[Track.ONE], texts[Track.THREE] = self._signed(job)
        tracks = {track: track_data(track, text.encode()) for track, text in texts.items()}
        if any(is_bank_track(each, club.own) for each in tracks.values()):
            message = "these tracks would be taken for a bank card's"
            raise ValueError(message)
        return tracks

    def _signed(self, job: StripeJob) -> tuple[str, str]:
        try:
            record = unpack(self._setup.key_holder.sign_record(job.number, "", job.expires))
            if (record.number, record.expires) == (job.number, job.expires):
                return to_tracks(record)
        except ValueError:
            pass
        raise StationError(ErrorCode.ANSWER_INVALID)

    def _look(self, job: StripeJob, progress: Progress) -> frozenset[Track] | None:
        """Return the tracks on which the card holds something, None when stopped.

        Of a card that gives nothing and an error some devices mean a blank one, others a bad swipe: it
        counts as blank when it does so twice.
        """
        answer = self._reading(progress, WriteStep.SWIPE_TO_LOOK)
        if answer is not None and _is_nothing(answer):
            answer = self._reading(progress, WriteStep.SWIPE_AGAIN)
        if answer is None:
            return None
        return frozenset() if _is_nothing(answer) else self._held(answer, job)

    def _held(self, answer: Answer, job: StripeJob) -> frozenset[Track]:
        """Return the tracks on which a card holds something. Raises ``StationError`` unless it may be written."""
        outcome = answer.outcome
        try:
            if answer.is_bank_card:
                raise StationError(ErrorCode.CARD_IS_BANK_CARD)
            if isinstance(outcome, StationError):
                if outcome.code is ErrorCode.SWIPE_INCOMPLETE:
                    raise outcome
                if not job.overwrite:
                    raise StationError(ErrorCode.CARD_NOT_BLANK)
                return frozenset(Track)
            if outcome.tracks or (outcome.unread and not job.overwrite):
                refuse_what_is_held(self._setup.club.recognise(outcome.tracks), job, self._setup)
            return frozenset((*(each.track for each in outcome.tracks), *outcome.unread))
        finally:
            if isinstance(outcome, Swipe):
                outcome.wipe()

    def _erase(self, tracks: frozenset[Track], progress: Progress) -> bool:
        """Erase ``tracks``; False when stopped first."""
        self._line.send(_ERASE + bytes((_ERASES[tracks],)))
        progress.tell(WriteStep.SWIPE_TO_ERASE)
        status = self._answered(progress)
        if status not in {None, MsrStatus.DONE}:
            raise write_failed(CardLeft.HALF, status=f"{status:02X}")
        return status is not None

    def _encode(self, tracks: Tracks, progress: Progress, *, is_changed: bool) -> bool:
        """Write ``tracks``; False when stopped while the card was as it was."""
        status: int | None = None
        for attempt in range(TRIES):
            self._line.send(write_msr(tuple(tracks.values())))
            progress.tell(WriteStep.SWIPE_AGAIN if attempt else WriteStep.SWIPE_TO_WRITE)
            status = self._answered(progress)
            if status == MsrStatus.DONE:
                return True
            if status is None and not is_changed:
                return False
            if status is None or (status in _REFUSED and is_changed):
                break
            if status in _REFUSED:
                raise StationError(ErrorCode.WRITER_UNAVAILABLE, status=f"{status:02X}")
            # Half of the tracks may be written.
            is_changed = True
        raise write_failed(CardLeft.HALF, status="" if status is None else f"{status:02X}")

    def _check(self, tracks: Tracks, progress: Progress) -> None:
        """Read the card back. Raises ``StationError`` WRITE_NOT_VERIFIED (``left``)."""
        wanted = {track: bytes(data.data) for track, data in tracks.items()}
        for attempt in range(TRIES):
            try:
                answer = self._reading(progress, WriteStep.SWIPE_AGAIN if attempt else WriteStep.SWIPE_TO_CHECK)
            except StationError:
                answer = None
            if answer is None:
                raise write_failed(CardLeft.UNCHECKED, ErrorCode.WRITE_NOT_VERIFIED)
            swipe = answer.outcome
            if isinstance(swipe, Swipe) and swipe.tracks and not swipe.unread:
                found = {each.track: bytes(each.data) for each in swipe.tracks}
                swipe.wipe()
                if found == wanted:
                    return
                break
        raise write_failed(CardLeft.HALF, ErrorCode.WRITE_NOT_VERIFIED)

    def _reading(self, progress: Progress, step: WriteStep) -> Answer | None:
        """Return what the device makes of the next swipe, None when stopped."""
        self._line.send(MSR_READ)
        progress.tell(step)
        answers = AnswerStream(self._setup.club, self._answer_limit_s)
        while not progress.stopped():
            now = monotonic()
            answer = answers.take(now)
            if answer is not None:
                return answer
            answers.add(self._line.receive(min(LOOK_S, answers.due_s(now))), monotonic())
        self._line.send(MSR_RESET)
        return None

    def _answered(self, progress: Progress) -> int | None:
        """Return the status after the next swipe of one that changes the card, None when stopped."""
        try:
            status = self._status(progress.stopped)
        except StationError:
            raise write_failed(CardLeft.HALF) from None
        if status is None:
            self._line.send(MSR_RESET)
        return status

    def _status(self, is_over: Callable[[], bool]) -> int | None:
        """Return the status that the device answers, None once ``is_over``. Raises ``StationError`` READER_GONE."""
        heard = Held()
        while not is_over():
            heard.add(self._line.receive(LOOK_S), 0.0)
            at = heard.data.find(ESC)
            if 0 <= at <= len(heard.data) - _STATUS_BYTES:
                return heard.data[at + 1]
        return None


def _is_nothing(answer: Answer) -> bool:
    """Tell whether the device read nothing and calls that a failure."""
    outcome = answer.outcome
    if isinstance(outcome, Swipe):
        return False
    return not answer.is_bank_card and outcome.detail.get("status") == _NOTHING_READ


DRIVER = StripeWriterDriver
