"""A head office for chips in the test's own process: the real key service, and a list of what it made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headoffice.cardkeys.issuers import Issuers
from headoffice.cardkeys.service import Begin, KeyService, Told
from headoffice.cardkeys.store import MasterKeyStore
from station import sun
from station.card_task import CardPurpose, CardStep, CardTask, Outcome, Verdict
from station.errors import ErrorCode, StationError

HOST = "club.example"
OWNER = "12-1"


@dataclass
class NearHolder:
    """``station.card_task.KeyHolder``. ``offline`` makes it silent; ``between`` runs before each answer of it."""

    folder: Path
    offline: bool = False
    between: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)
    chips: dict[str, tuple[str, int]] = field(default_factory=dict)
    taps: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = MasterKeyStore(self.folder / "keys")
        self.service = KeyService(self.store, Issuers(self.folder / "issuers"))

    def begin(self, task: CardTask) -> CardStep:
        """Begin, as ``headoffice.api.card_service`` does."""
        self._hear(task.purpose.value)
        uid, version = self.chips.get(task.number, ("", 0))
        if task.purpose is not CardPurpose.PERSONALISE and not version:
            return CardStep("", verdict=Verdict(Outcome.UNKNOWN))
        if version and uid != task.uid:
            return CardStep("", verdict=Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "UID"))
        return self._step(self.service.begin(Begin(
            OWNER, task.purpose, task.technology, task.uid, version=version, number=task.number, host=HOST)))

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        """Go on."""
        self._hear("GO_ON")
        told = self.service.go_on(OWNER, session, answers)
        if told is None:
            raise StationError(ErrorCode.HEAD_OFFICE_REFUSED, reason="session")
        return self._step(told)

    def check_sun(self, number: str, message: bytes) -> Verdict:
        """Check a tap in plain."""
        self._hear("SUN")
        uid, version = self.chips.get(number, ("", 0))
        tap = sun.unpack(message)
        if not version:
            return Verdict(Outcome.UNKNOWN)
        if uid != tap.uid or not self.service.check_sun(uid, version, tap.counter, tap.mac):
            return Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "MAC")
        if tap.counter <= self.taps.get(number, -1):
            return Verdict(Outcome.REFUSED, ErrorCode.CARD_REPLAYED)
        self.taps[number] = tap.counter
        return Verdict(Outcome.PROVEN)

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return a signed record."""
        return self.service.sign_record(number, uid, expires)

    def _hear(self, what: str) -> None:
        self.asked.append(what)
        if self.offline:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="silent")
        self.between()

    def _step(self, told: Told) -> CardStep:
        if told.outcome is Outcome.DONE and told.asked:
            self.chips[told.asked.number] = (told.asked.uid, told.version)
        verdict = Verdict(
            told.outcome, ErrorCode(told.refusal) if told.refusal else None, told.reason) if told.outcome else None
        return CardStep(told.session, told.commands, verdict)
