"""Head office as the one that holds the keys of cards: asked briefly, and not again at once when it was silent."""

import base64
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol, TypeVar

from station.card_hash import CardHasher
from station.card_task import LIMIT_S, CardPurpose, CardStep, CardTask, Verdict
from station.errors import ErrorCode, StationError
from sync.patience import SILENT_S
from sync.wire_card_service import (
    CardBegin,
    CardGoOn,
    CardStepTold,
    RecordAsked,
    RecordSigned,
    ServiceVerdict,
    SunAsked,
)

T = TypeVar("T")


class CardClient(Protocol):
    """The part of head office that deals with cards."""

    def begin_card(self, begin: CardBegin) -> CardStepTold:
        """Begin to speak with a chip."""
        ...

    def go_on_card(self, go_on: CardGoOn) -> CardStepTold | None:
        """Hand on what it answered; None when the session is over."""
        ...

    def check_sun(self, asked: SunAsked) -> ServiceVerdict:
        """Have a tap checked."""
        ...

    def sign_record(self, asked: RecordAsked) -> RecordSigned:
        """Have a record signed."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class OnlineKeyHolder:
    """``station.card_task.KeyHolder`` for any number of readers; one of them asks at a time.

    After a silence it is offline for ``SILENT_S``, so that no reader waits twice. The number of a card is hashed
    with the club's key before it travels, but where it is to be written on the card or signed.
    """

    def __init__(self, client: CardClient, card_key: bytes, clock: Callable[[], float]) -> None:
        """Ask ``client``; ``clock`` counts seconds and never goes back. Raises ``ValueError`` for another than 32 bytes."""
        self._client = client
        self._hasher = CardHasher(card_key)
        self._clock = clock
        self._lock = Lock()
        self._silent_until: float | None = None

    def begin(self, task: CardTask) -> CardStep:
        """Begin ``task``."""
        is_proof = task.purpose is CardPurpose.AUTHENTICATE
        begin = CardBegin(
            purpose=task.purpose, technology=task.technology, uid=task.uid, card=self._hasher.hash(task.number),
            number="" if is_proof else task.number, member=task.member_id)
        return _step(self._asked(lambda: self._client.begin_card(begin)))

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        """Hand on what the chip answered. Also raises HEAD_OFFICE_REFUSED when the session is over."""
        go_on = CardGoOn(session=session, answers=tuple(base64.b64encode(each).decode() for each in answers))
        told = self._asked(lambda: self._client.go_on_card(go_on))
        if told is None:
            raise StationError(ErrorCode.HEAD_OFFICE_REFUSED, reason="session")
        return _step(told)

    def check_sun(self, number: str, message: bytes) -> Verdict:
        """Have the code of a tap checked."""
        asked = SunAsked(card=self._hasher.hash(number), content=base64.b64encode(message).decode())
        return _verdict(self._asked(lambda: self._client.check_sun(asked)))

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return the signed card record."""
        asked = RecordAsked(number=number, uid=uid, expires=expires)
        signed = self._asked(lambda: self._client.sign_record(asked))
        try:
            return base64.b64decode(signed.record, validate=True)
        except ValueError:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="record") from None

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            self._client.close()

    def _asked(self, ask: Callable[[], T]) -> T:
        if not self._lock.acquire(timeout=LIMIT_S):
            raise StationError(ErrorCode.HEAD_OFFICE_BUSY)
        try:
            if self._silent_until is not None and self._clock() < self._silent_until:
                raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="silent")
            self._silent_until = None
            try:
                return ask()
            except StationError as fault:
                if fault.code is ErrorCode.HEAD_OFFICE_UNREACHABLE:
                    self._silent_until = self._clock() + SILENT_S
                raise
        finally:
            self._lock.release()


def _step(told: CardStepTold) -> CardStep:
    """Return the step. Raises ``StationError`` ANSWER_INVALID when it is none."""
    try:
        commands = tuple(base64.b64decode(each, validate=True) for each in told.commands)
        return CardStep(told.session, commands, _verdict(told.verdict) if told.verdict else None)
    except ValueError:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="step") from None


def _verdict(told: ServiceVerdict) -> Verdict:
    try:
        return Verdict(told.outcome, ErrorCode(told.refusal) if told.refusal else None, told.reason)
    except ValueError:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="verdict") from None
