"""Keys that take the place of others: ended at any step, neither side is left with a key the other does not know."""

import base64
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
import pytest

from station.errors import ErrorCode, StationError
from sync.ed25519 import Ed25519Verifier, key_text, new_key, public_key, sign_bytes
from sync.keys import Identity, KeyCare, OfficeKey, OwnKeys
from sync.wire_trust import KeyChange, KeyTaken, OfficeKeyChange, SignedOfficeKey

DAY_US = 86_400_000_000
NOW_US = 1_795_343_700_000_000
FIRST = bytes(range(32))


class CutError(Exception):
    """The power went."""


@dataclass
class Kept:
    """The keys on disk; ``cut`` counts down the writes that still succeed."""

    held: OwnKeys
    cut: int = 99

    def keys(self) -> OwnKeys:
        return self.held

    def keep(self, keys: OwnKeys) -> None:
        if not self.cut:
            raise CutError
        self.cut -= 1
        self.held = keys


@dataclass
class Office:
    """Head office's side, by the rules: both keys until the first request by the next."""

    current: bytes
    following: bytes = b""
    signer: bytes = FIRST
    now: int = NOW_US
    cut_before: bool = False
    cut_after: bool = False
    named: list[bytes] = field(default_factory=list)

    def ask(self) -> bool:
        """A request as the station signs now: whether it is heard."""
        public = public_key(self.signer)
        if public == self.following:
            self.current, self.following = public, b""
        return public == self.current

    def change_key(self, change: KeyChange) -> KeyTaken:
        if self.cut_before:
            raise CutError
        if not self.ask():
            raise StationError(ErrorCode.SIGNATURE_INVALID)
        public = base64.b64decode(change.public_key)
        assert Ed25519Verifier(public).verify(base64.b64decode(change.proof), key_text("12-1", public))
        self.following = public
        self.named.append(public)
        if self.cut_after:
            raise CutError
        return KeyTaken(since_us=self.now, key_days=90)

    def sign_as(self, key: bytes, former: bytes) -> None:
        assert former == self.signer
        self.signer = key

    def now_us(self) -> int:
        return self.now


def parts(*, cut_before: bool = False, cut_after: bool = False) -> tuple[Office, Kept]:
    return Office(public_key(FIRST), cut_before=cut_before, cut_after=cut_after), Kept(OwnKeys(FIRST, NOW_US - 60 * DAY_US, 90))


def restarted(office: Office, kept: Kept) -> None:
    """The program again, the power back."""
    office.cut_before = office.cut_after = False
    kept.cut = 99
    office.signer = kept.held.key


@pytest.mark.parametrize(("days", "age_days", "due"), [(90, 59, False), (90, 60, True), (0, 9999, False), (3, 1, False), (3, 2, True)])
def test_a_key_is_replaced_at_two_thirds_of_its_days(days: int, age_days: int, *, due: bool) -> None:
    office, _ = parts()
    kept = Kept(OwnKeys(FIRST, NOW_US - age_days * DAY_US, days))
    assert KeyCare("12-1", office, kept).tend() is due
    assert (kept.held.key != FIRST) is due


def test_the_new_key_signs_and_the_old_one_no_longer() -> None:
    office, kept = parts()
    assert KeyCare("12-1", office, kept).tend()
    assert (kept.held.former, kept.held.following, kept.held.since_us, kept.held.days) == (FIRST, b"", NOW_US, 90)
    assert office.signer == kept.held.key
    assert office.ask()
    office.signer = FIRST
    assert not office.ask()


@pytest.mark.parametrize("step", ["before it is kept", "before it is sent", "after it was taken", "before it is the present one"])
def test_ended_at_any_step_it_goes_on_with_the_same_key(step: str) -> None:
    office, kept = parts(cut_before=step == "before it is sent", cut_after=step == "after it was taken")
    kept.cut = {"before it is kept": 0, "before it is the present one": 1}.get(step, 99)
    with pytest.raises(CutError):
        KeyCare("12-1", office, kept).tend()
    restarted(office, kept)
    assert office.ask(), "the station is still heard"
    assert KeyCare("12-1", office, kept).tend()
    assert office.ask()
    assert len(set(office.named)) == 1
    assert office.current == public_key(kept.held.key)


def test_two_programs_of_one_station_do_not_overwrite_each_other() -> None:
    _, kept = parts()
    other = OwnKeys(new_key(), NOW_US, 90)

    class Meddled(Office):
        def change_key(self, change: KeyChange) -> KeyTaken:
            taken = super().change_key(change)
            kept.held = other
            return taken

    KeyCare("12-1", Meddled(public_key(FIRST)), kept).rotate()
    assert kept.held == other


def change(former: bytes, following: bytes, by: bytes | None = None) -> SignedOfficeKey:
    document = msgspec.json.encode(OfficeKeyChange(
        form="card-station office key 1", former=base64.b64encode(public_key(former)).decode(),
        key=base64.b64encode(public_key(following)).decode(), at_us=NOW_US))
    return SignedOfficeKey(
        document=base64.b64encode(document).decode(),
        signature=base64.b64encode(sign_bytes(by or former, document)).decode())


def test_head_offices_key_is_followed_over_several_changes() -> None:
    keys = [new_key() for _ in range(4)]
    kept: list[bytes] = []
    believed = OfficeKey(public_key(keys[1]), kept.append)
    chain = tuple(change(a, b) for a, b in pairwise(keys))
    assert believed.follow(chain)
    assert kept == [public_key(keys[3])]
    assert believed.verify(sign_bytes(keys[3], b"x"), b"x")
    assert not believed.verify(sign_bytes(keys[1], b"x"), b"x")
    assert not believed.follow(chain)
    assert kept == [public_key(keys[3])]


def test_a_change_that_the_known_key_did_not_sign_is_refused() -> None:
    known, evil = new_key(), new_key()
    believed = OfficeKey(public_key(known), lambda _: pytest.fail("kept"))
    with pytest.raises(StationError) as refused:
        believed.follow((change(known, evil, by=evil),))
    assert refused.value.code is ErrorCode.SIGNATURE_INVALID
    assert not believed.follow((change(evil, evil),))
    with pytest.raises(StationError) as refused:
        believed.follow((SignedOfficeKey(document="e30=", signature=""),))
    assert refused.value.code is ErrorCode.ANSWER_INVALID
    assert believed.verify(sign_bytes(known, b"x"), b"x")


def test_a_key_that_cannot_be_kept_is_not_believed() -> None:
    def full(_: bytes) -> None:
        raise StationError(ErrorCode.DISK_FULL)

    known, fresh = new_key(), new_key()
    believed = OfficeKey(public_key(known), full)
    with pytest.raises(StationError):
        believed.follow((change(known, fresh),))
    assert believed.verify(sign_bytes(known, b"x"), b"x")


def test_no_key_shows() -> None:
    assert repr(Identity("12-1", FIRST, FIRST)) == "Identity(station='12-1')"
    assert repr(OwnKeys(FIRST, 1, 2, FIRST, FIRST)) == "OwnKeys(since_us=1, days=2)"
