"""The member book: cards by keyed hash, phones, pages applied whole, nothing readable in the file."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.members import MemberStore
from station.bonus import Birth
from station.card import Card, CardLink, CardStatus
from station.card_hash import card_hash
from station.dates import Calendar
from station.feed import MemberPage, MemberRecord
from station.journal import Position
from tests.data.conftest import CARD_KEY, KEY
from tests.fakes import member

HERE = Position("a" * 32, 7)


def record(number: int, *cards: str, status: CardStatus = CardStatus.ACTIVE) -> MemberRecord:
    links = tuple(CardLink(card_hash(CARD_KEY, card), status) for card in cards)
    return MemberRecord(member(number), links)


def page(*changed: MemberRecord, gone: tuple[str, ...] = (), cursor: str = "c1") -> MemberPage:
    return MemberPage(cursor, HERE, changed, gone)


def test_an_empty_book_knows_nobody(members: MemberStore) -> None:
    assert members.card("93640001") is None
    assert members.member("m1") is None
    assert members.by_phone("09120000001") == []
    assert members.projected_through() is None
    assert (members.cursor(), members.count()) == ("", 0)


def test_found_by_any_card_and_by_phone(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001", "04A1B2"), record(2, "93640002")))
    assert members.card("93640001") == members.card("04A1B2") == Card("m1", CardStatus.ACTIVE)
    assert members.member("m2") == member(2)
    assert members.by_phone("09120000002") == [member(2)]
    assert members.projected_through() == HERE
    assert (members.cursor(), members.count()) == ("c1", 2)


def test_a_change_replaces_the_whole_member(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001", "93640009")))
    changed = MemberRecord(replace(member(1), tier="silver"), record(1, "93640009").cards)
    members.apply(page(changed, cursor="c2"))
    assert members.card("93640001") is None
    assert members.card("93640009") == Card("m1", CardStatus.ACTIVE)
    held = members.member("m1")
    assert held is not None
    assert held.tier == "silver"
    assert members.cursor() == "c2"


def test_what_the_rules_may_ask_of_a_member_is_held(members: MemberStore) -> None:
    # 30 Esfand comes in leap years only and is kept as it is; a member may have no birthday and no segment
    held = replace(
        member(1), segments=("family", "student"), birth=Birth(Calendar.JALALI, 12, 30), purchases=3)
    members.apply(page(MemberRecord(held, ()), record(2)))
    assert members.member("m1") == held
    assert members.by_phone("09120000001") == [held]
    assert members.member("m2") == member(2)
    members.apply(page(MemberRecord(replace(held, birth=None, segments=(), purchases=4), ()), cursor="c2"))
    assert members.member("m1") == replace(held, birth=None, segments=(), purchases=4)


def test_a_member_shows_no_birthday() -> None:
    held = replace(member(1), birth=Birth(Calendar.JALALI, 12, 30))
    for shown in (repr(held), repr(held.snapshot()), repr(page(MemberRecord(held, ())))):
        assert "JALALI" not in shown


def test_a_card_may_move_to_another_member(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001")))
    members.apply(page(record(2, "93640001")))
    assert members.card("93640001") == Card("m2", CardStatus.ACTIVE)


def test_a_lost_card_is_still_known_as_lost(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001", status=CardStatus.LOST)))
    assert members.card("93640001") == Card("m1", CardStatus.LOST)


def test_who_is_gone_is_forgotten_with_all_cards(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001")))
    members.apply(page(gone=("m1",)))
    assert members.member("m1") is None
    assert members.card("93640001") is None


def test_a_page_that_fails_changes_nothing(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001")))
    broken = MemberRecord(replace(member(2), points=2**70), ())
    with pytest.raises(OverflowError):
        members.apply(page(record(1, "93640005"), broken, cursor="c9"))
    assert members.cursor() == "c1"
    assert members.card("93640001") == Card("m1", CardStatus.ACTIVE)


def test_the_files_hold_no_name_phone_or_card(members: MemberStore, tmp_path: Path) -> None:
    members.apply(page(*(record(i, f"936400000000{i:04d}") for i in range(1, 50))))
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for secret in ("مهرداد", "09120000001", "9364000000000001"):
            assert secret.encode() not in content, path.name


def test_no_card_number_is_kept_even_inside(members: MemberStore) -> None:
    members.apply(page(record(1, "9364000000000001")))
    assert "9364000000000001" not in repr(members.database.rows("SELECT * FROM card, member"))


def test_reopened_by_key(members: MemberStore, tmp_path: Path) -> None:
    members.apply(page(record(1, "93640001")))
    again = MemberStore(tmp_path / "members.db", KEY, CARD_KEY)
    assert again.count() == 1
    again.close()
