"""Head office as writers know it: it signs records, or cannot be reached."""

from collections.abc import Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.card_record import CardRecord, pack, signed_part
from station.card_task import CardStep, CardTask, Verdict
from station.errors import ErrorCode, StationError

KEY_ID = 7


class IssuingOffice:
    """``station.card_task.KeyHolder`` with an issuing key made from ``seed``; it keeps no keys of chips."""

    def __init__(self, seed: bytes = bytes(32)) -> None:
        """Have head office reachable."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.reachable = True
        self.signed: list[str] = []

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        self._reach()
        self.signed.append(number)
        record = CardRecord(KEY_ID, expires, uid, number)
        return pack(replace(record, signature=self._key.sign(signed_part(record))))

    def begin(self, task: CardTask) -> CardStep:
        raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, purpose=task.purpose.value)

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, answers=len(answers), session=session)

    def check_sun(self, number: str, message: bytes) -> Verdict:
        raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, bytes=len(number) + len(message))

    def _reach(self) -> None:
        if not self.reachable:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
