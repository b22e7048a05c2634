"""The member book: cards by keyed hash, phones, pages applied whole, nothing readable in the file."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.members import MemberStore
from station.bonus import Birth
from station.card import Card, CardLink, CardStatus
from station.card_hash import card_hash
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.member import Member
from station.told import AGREEMENTS, NOTHING_TOLD, Told
from tests.data.conftest import CARD_KEY, KEY
from tests.fakes import member

HERE = Position("a" * 32, 7)
STAMP = Stamp(5, 50)
UUIDS = ("01936b2c-0000-7000-8000-00000000000a", "01936b2c-0000-7000-8000-00000000000b")


def record(number: int, *cards: str, status: CardStatus = CardStatus.ACTIVE) -> MemberRecord:
    links = tuple(CardLink(card_hash(CARD_KEY, card), status) for card in cards)
    return MemberRecord(member(number), links)


def page(
    *changed: MemberRecord, gone: tuple[str, ...] = (), cursor: str = "c1", stamp: Stamp = STAMP, last: bool = True,
) -> MemberPage:
    return MemberPage(cursor, HERE, changed, gone, stamp, last)


def test_an_empty_book_knows_nobody(members: MemberStore) -> None:
    assert members.card("93640001") is None
    assert members.member("m1") is None
    assert members.search("09120000001") == members.search("مهرداد") == []
    assert (members.projected_through(), members.stamp()) == (None, None)
    assert (members.cursor(), members.count()) == ("", 0)


def test_the_pages_of_regular_customers_stay_in_memory(members: MemberStore) -> None:
    # Among ten million cards nearly each has a page of 4 KiB of its own: 5000 of them are 20 MB.
    assert members.database.row("PRAGMA cache_size") == (-32_000,)


def test_found_by_any_card_and_by_phone(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001", "04A1B2"), record(2, "93640002")))
    assert members.card("93640001") == members.card("04A1B2") == Card("m1", CardStatus.ACTIVE)
    assert members.member("m2") == member(2)
    assert members.search("09120000002") == [member(2)]
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
        member(1), segments=("family", "student"), birth=Birth(Calendar.JALALI, 12, 30), purchases=3,
        told=Told(("tea", "cake"), "12", AGREEMENTS[::2]), answers=("a1", "a2"))
    members.apply(page(MemberRecord(held, ()), record(2)))
    assert members.member("m1") == held
    assert members.search("09120000001") == [held]
    assert members.member("m2") == member(2)
    members.apply(page(MemberRecord(replace(held, birth=None, segments=(), purchases=4, told=NOTHING_TOLD, answers=()), ()), cursor="c2"))
    assert members.member("m1") == replace(held, birth=None, segments=(), purchases=4, told=NOTHING_TOLD, answers=())
    assert members.database.rows("SELECT told FROM member WHERE told IS NOT NULL") == []


def test_a_member_shows_no_birthday() -> None:
    held = replace(member(1), birth=Birth(Calendar.JALALI, 12, 30))
    for shown in (repr(held), repr(held.snapshot()), repr(page(MemberRecord(held, ())))):
        assert "JALALI" not in shown


def test_a_card_may_move_to_another_member(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001")))
    members.apply(page(record(2, "93640001")))
    assert members.card("93640001") == Card("m2", CardStatus.ACTIVE)


def test_a_card_that_moved_stays_when_its_old_owner_changes_or_goes(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001")))
    members.apply(page(record(2, "93640001")))
    members.apply(page(record(1)))
    members.apply(page(gone=("m1",)))
    assert members.card("93640001") == Card("m2", CardStatus.ACTIVE)
    members.apply(page(record(3, "93640001"), record(2)))
    assert members.card("93640001") == Card("m3", CardStatus.ACTIVE)


@pytest.mark.parametrize("status", CardStatus)
def test_a_card_is_known_with_each_status(members: MemberStore, status: CardStatus) -> None:
    members.apply(page(record(1, "93640001", status=status)))
    assert members.card("93640001") == Card("m1", status)


def test_who_is_gone_is_forgotten_with_all_cards_and_names(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001"), record(2, "93640002")))
    members.apply(page(gone=("m1", "m9")))
    assert members.member("m1") is None
    assert members.card("93640001") is None
    assert members.search("مهرداد") == [member(2)]
    members.apply(page(gone=("m2",)))
    for table in ("card", "member", "person", "name"):
        assert members.database.row(f"SELECT count(*) FROM {table}") == (0,), table  # noqa: S608 - our names


def test_of_a_member_nobody_here_needs_to_know_only_the_card_is_answered(members: MemberStore) -> None:
    stranger = Member(UUIDS[0], "", "", "silver", 70, segments=("staff",), purchases=4)
    members.apply(page(MemberRecord(stranger, record(1, "93640001").cards), record(2)))
    assert members.card("93640001") == Card(UUIDS[0], CardStatus.ACTIVE)
    assert members.member(UUIDS[0]) == stranger
    assert members.database.row("SELECT count(*) FROM person") == (1,)
    # a name may come later, and go again
    named = replace(stranger, name="سارا", phone="09120000009")
    members.apply(page(MemberRecord(named, ())))
    assert members.search("سارا") == members.search("0009") == [named]
    members.apply(page(MemberRecord(stranger, ())))
    assert members.search("سارا") == members.search("0009") == []
    assert members.member(UUIDS[0]) == stranger


def test_a_new_name_is_found_and_the_old_one_no_longer(members: MemberStore) -> None:
    members.apply(page(record(1)))
    members.apply(page(MemberRecord(replace(member(1), name="سارا رضایی", points=9), ())))
    assert [each.points for each in members.search("رضایی")] == [9]
    assert members.search("مهرداد") == []


def test_ids_are_uuids_or_any_text(members: MemberStore) -> None:
    ids = (*UUIDS, UUIDS[0].upper(), UUIDS[0].replace("-", ""), "x" * 36, "۱")
    members.apply(page(*(MemberRecord(replace(member(1), member_id=each), ()) for each in ids)))
    assert members.count() == len(ids)
    for each in ids:
        held = members.member(each)
        assert held is not None
        assert held.member_id == each
    stored = [row[0] for row in members.database.rows("SELECT member_id FROM member")]
    assert [each for each in stored if isinstance(each, bytes)] == [
        bytes.fromhex(UUIDS[0].replace("-", "")), bytes.fromhex(UUIDS[1].replace("-", ""))]


def test_a_member_twice_on_a_page_is_held_as_last_said(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001"), MemberRecord(replace(member(1), points=1), ())))
    held = members.member("m1")
    assert held is not None
    assert held.points == 1
    assert members.card("93640001") is None


def test_the_stamp_is_that_of_the_last_page(members: MemberStore) -> None:
    members.apply(page(record(1), last=False))
    assert members.stamp() is None
    members.apply(page(record(2), stamp=Stamp(6, 60)))
    assert members.stamp() == Stamp(6, 60)
    members.apply(page(stamp=Stamp(9, 90), last=False))
    assert members.stamp() == Stamp(6, 60)


def test_a_feed_that_went_back_is_refused_and_a_blocked_card_stays_blocked(members: MemberStore) -> None:
    members.apply(page(record(1, "93640001", status=CardStatus.BLOCKED), stamp=Stamp(6, 60)))
    with pytest.raises(StationError) as refused:
        members.apply(page(record(1, "93640001"), cursor="old", stamp=Stamp(5, 99)))
    assert (refused.value.code, refused.value.detail) == (ErrorCode.MEMBERS_OLDER, {"offered": 5, "held": 6})
    assert members.card("93640001") == Card("m1", CardStatus.BLOCKED)
    assert (members.cursor(), members.stamp()) == ("c1", Stamp(6, 60))
    members.apply(page(stamp=Stamp(6, 70)))
    assert members.stamp() == Stamp(6, 70)


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


def test_a_page_being_written_keeps_nobody_from_looking_up(members: MemberStore, tmp_path: Path) -> None:
    members.apply(page(record(1, "93640001")))
    writer = MemberStore(tmp_path / "members.db", KEY, CARD_KEY)
    with writer.database.writing():
        writer.database.execute("DELETE FROM card")
        writer.database.execute("UPDATE member SET points = 0")
        assert members.card("93640001") == Card("m1", CardStatus.ACTIVE)
        assert members.member("m1") == member(1)
        assert members.search("مهرداد") == [member(1)]
    assert members.card("93640001") is None
    writer.close()


def test_reopened_by_key(members: MemberStore, tmp_path: Path) -> None:
    members.apply(page(record(1, "93640001")))
    again = MemberStore(tmp_path / "members.db", KEY, CARD_KEY)
    assert again.count() == 1
    again.close()
