"""Issuing keys: published before they sign, believed until they end, worth nothing once withdrawn."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from headoffice.cardkeys.issuers import DAY_US, HOLD_DAYS, LEAD_DAYS, IssuerList, Issuers, issuers_in, signs
from headoffice.clock import CLOCK, machine_us
from station import card_record, member_pass
from station.card_trust import IssuerKey
from sync.ed25519 import Ed25519Verifier, new_key, public_key

NUMBER, UID = "9364000000000076", "04A1B2C3D4E5F6"
MORNING = 1_795_305_600_000_000 + 9 * 3_600_000_000
"""2026-11-22T09:00Z."""

TODAY = MORNING - MORNING % DAY_US
LAST = "2032-11-21"
"""The last day on which a card of the first key is good: 2192 days after 2026-11-22 it has ended."""


@pytest.fixture
def issuers(tmp_path: Path) -> Iterator[Issuers]:
    """A folder without a key, in the morning."""
    CLOCK.source = lambda: MORNING
    yield issuers_in(tmp_path)
    CLOCK.source = machine_us


def after(days: int) -> None:
    """Let days go by."""
    CLOCK.source = lambda: MORNING + days * DAY_US


def signer(issuers: Issuers, expires: str = "") -> int:
    """Which key signs a card now; its signature must hold."""
    record = card_record.unpack(issuers.sign_record(NUMBER, UID, expires))
    [key] = [each for each in issuers.listed().keys if each.key_id == record.key_id]
    assert Ed25519Verifier(key.public).verify(record.signature, card_record.signed_part(record))
    assert (record.number, record.uid, record.expires) == (NUMBER, UID, expires)
    return record.key_id


def test_the_first_key_signs_at_once_and_the_next_one_when_everybody_can_know_it(issuers: Issuers) -> None:
    assert issuers.new(MORNING) == 1
    assert signer(issuers) == 1
    after(300)
    assert issuers.new(MORNING + 300 * DAY_US) == 2
    assert signer(issuers) == 1
    assert [(key.key_id, key.from_us, key.until_us) for key in issuers.listed().keys] == [
        (1, TODAY, TODAY + HOLD_DAYS * DAY_US),
        (2, TODAY + (300 + LEAD_DAYS) * DAY_US, TODAY + (300 + LEAD_DAYS + HOLD_DAYS) * DAY_US)]
    after(300 + LEAD_DAYS - 1)
    assert signer(issuers) == 1
    after(300 + LEAD_DAYS)
    assert signer(issuers) == 2


def test_a_grant_is_signed_for_a_phone(issuers: Issuers) -> None:
    issuers.new(MORNING)
    phone = public_key(new_key())
    grant = member_pass.unpack_grant(issuers.sign_grant(NUMBER, phone, "2027-11-22"))
    assert (grant.number, grant.phone_key, grant.not_after) == (NUMBER, phone, "2027-11-22")
    [key] = issuers.listed().keys
    assert Ed25519Verifier(key.public).verify(grant.signature, member_pass.granted_part(grant))


def test_without_a_key_nothing_is_signed(issuers: Issuers) -> None:
    with pytest.raises(LookupError, match="headoffice card-keys new"):
        issuers.sign_record(NUMBER, UID, "")
    assert issuers.listed() == IssuerList(0, ())


def test_a_withdrawn_key_never_signs_and_its_private_half_is_gone(issuers: Issuers, tmp_path: Path) -> None:
    first, second = issuers.new(MORNING), issuers.new(MORNING)
    after(LEAD_DAYS)
    assert signer(issuers) == second
    issuers.withdraw(second, MORNING + LEAD_DAYS * DAY_US)
    assert signer(issuers) == first
    folder = tmp_path / "card-keys" / "issuers"
    assert [file.name for file in sorted(folder.glob("*.key"))] == ["00001.key"]
    issuers.withdraw(first, MORNING + LEAD_DAYS * DAY_US)
    with pytest.raises(LookupError):
        issuers.sign_record(NUMBER, UID, "")
    assert [key.withdrawn_us for key in issuers.listed().keys] == [MORNING + LEAD_DAYS * DAY_US] * 2
    third = issuers.new(MORNING + LEAD_DAYS * DAY_US)
    assert (third, signer(issuers)) == (3, 3), "in need a new key signs at once"


def test_a_key_withdrawn_again_stays_as_it_was_and_one_that_never_was_is_refused(issuers: Issuers) -> None:
    issuers.new(MORNING)
    issuers.withdraw(1, MORNING + 1)
    before = issuers.listed()
    issuers.withdraw(1, MORNING + 2)
    assert issuers.listed() == before
    with pytest.raises(KeyError):
        issuers.withdraw(2, MORNING)


def test_an_ended_key_never_signs_and_no_card_outlives_its_key(issuers: Issuers) -> None:
    issuers.new(MORNING)
    assert signer(issuers, LAST) == 1
    with pytest.raises(ValueError, match="ends before 2032-11-22"):
        issuers.sign_record(NUMBER, UID, "2032-11-22")
    with pytest.raises(ValueError, match="ends before"):
        issuers.sign_grant(NUMBER, public_key(new_key()), "2032-11-22")
    after(HOLD_DAYS - 1)
    assert signer(issuers) == 1
    after(HOLD_DAYS)
    with pytest.raises(LookupError):
        issuers.sign_record(NUMBER, UID, "")


def test_a_key_without_an_end_signs_from_its_day_on() -> None:
    key = IssuerKey(1, bytes(32), 10)
    assert [signs(key, at_us) for at_us in (9, 10, 10**15)] == [False, True, True]


def test_only_the_owner_may_read_the_keys(issuers: Issuers, tmp_path: Path) -> None:
    issuers.new(MORNING)
    folder = tmp_path / "card-keys" / "issuers"
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {"00001.key": 0o600, "list": 0o600}
    assert folder.stat().st_mode & 0o777 == folder.parent.stat().st_mode & 0o777 == 0o700


def test_ended_between_key_and_list_the_key_is_never_used_nor_its_id_again(issuers: Issuers, tmp_path: Path) -> None:
    issuers.new(MORNING)
    (tmp_path / "card-keys" / "issuers" / "00002.key").write_bytes(new_key())
    after(LEAD_DAYS)
    assert signer(issuers) == 1
    assert issuers.new(MORNING) == 3


def test_the_version_rises_with_every_change_also_on_a_folder_that_was_put_back(issuers: Issuers, tmp_path: Path) -> None:
    versions = []
    issuers.new(MORNING)
    shutil.copytree(tmp_path / "card-keys", tmp_path / "backup")
    for day in (1, 1, 2):
        after(day)
        issuers.new(MORNING)
        versions.append(issuers.listed().version)
    assert versions == sorted({*versions})
    shutil.rmtree(tmp_path / "card-keys")
    (tmp_path / "backup").rename(tmp_path / "card-keys")
    assert issuers.listed().version < versions[0]
    after(3)
    issuers.new(MORNING)
    assert issuers.listed().version > versions[-1]
