"""A writer without hardware: the demo's, and the tests'."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Condition

from drivers.port import Device
from drivers.writer_port import (
    CardForm,
    Carrier,
    Job,
    Progress,
    WriterSetup,
    WriteStep,
    Written,
    refuse_foreign_number,
)
from station.errors import ErrorCode, StationError

LOOK_S = 0.05
_CARRIERS = {
    CardForm.STRIPE: Carrier.STRIPE, CardForm.TAG: Carrier.TYPE_2, CardForm.CHIP: Carrier.NTAG424}


@dataclass(slots=True)
class SimulatedCard:
    """A card: its chip's ``uid``, the ``number`` on it ("" for a blank one), and what writing it raises."""

    uid: str = ""
    number: str = field(default="", repr=False)
    fault: StationError | None = None


class WriterHand:
    """The hand that lays cards on the simulated writer. Safe to use from any thread."""

    def __init__(self, title: str = "Simulated writer") -> None:
        """Have no card in hand."""
        self.device = Device(f"simulated:{title}", title)
        self._changed = Condition()
        self._cards: deque[SimulatedCard] = deque()

    def lay(self, *cards: SimulatedCard) -> None:
        """Lay ``cards`` down, one after the other, as they are asked for."""
        with self._changed:
            self._cards.extend(cards)
            self._changed.notify_all()

    def take(self, progress: Progress) -> SimulatedCard | None:
        """Return the next card, None when stopped first."""
        with self._changed:
            while not progress.stopped():
                if self._changed.wait_for(lambda: self._cards, LOOK_S):
                    return self._cards.popleft()
        return None


class SimulatedWriterDriver:
    """The writer at the end of a hand; the catalogue's own has none."""

    name = "simulated"
    title = "Simulated writers"

    def __init__(self, setup: WriterSetup, form: CardForm = CardForm.TAG, hand: WriterHand | None = None) -> None:
        """Write cards of ``form`` that ``hand`` lays down."""
        self._setup = setup
        self.form = form
        self._hand = hand

    def missing(self) -> str | None:
        """Return None: nothing has to be installed."""
        return None

    def find(self) -> Sequence[Device]:
        """Return the writer, if there is a hand at it."""
        return (self._hand.device,) if self._hand else ()

    def open(self, device: Device) -> "SimulatedWriter":
        """Open the writer. Raises ``StationError`` READER_GONE."""
        if self._hand is None or device != self._hand.device:
            raise StationError(ErrorCode.READER_GONE)
        return SimulatedWriter(self._setup, self.form, self._hand)


class SimulatedWriter:
    """An open simulated writer."""

    def __init__(self, setup: WriterSetup, form: CardForm, hand: WriterHand) -> None:
        """Write what ``hand`` lays down."""
        self._setup = setup
        self._form = form
        self._hand = hand

    def write(self, job: Job, progress: Progress) -> Written | None:
        """Write the next card; as ``CardWriter.write`` says."""
        if job.form is not self._form:
            raise StationError(ErrorCode.WRITER_UNAVAILABLE, form=job.form.value)
        refuse_foreign_number(job.number, self._setup.club)
        progress.tell(WriteStep.PLACE_CARD)
        card = self._hand.take(progress)
        if card is None:
            return None
        if card.fault:
            raise card.fault
        if card.number not in {"", job.number}:
            raise StationError(
                ErrorCode.CARD_TAKEN if self._setup.is_active(card.number) else ErrorCode.CARD_NOT_BLANK)
        for step in (WriteStep.WRITING, WriteStep.CHECKING):
            progress.tell(step)
        card.number = job.number
        return Written(_CARRIERS[self._form], card.uid)

    def close(self) -> None:
        """Let go of nothing."""


DRIVER = SimulatedWriterDriver
