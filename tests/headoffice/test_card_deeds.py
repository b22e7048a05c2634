"""Cards that stations gave out and changed: posted once, fed back, and where two contradict each other the first stays."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from data.members import MemberStore
from headoffice import demo
from headoffice.clock import now_us
from headoffice.feeds import blocks, snapshot
from headoffice.feeds.members import page
from headoffice.feeds.versions import MEMBERS, last_version
from headoffice.intake.models import Quarantine
from headoffice.projector.rebuild import rebuild
from headoffice.register import cards
from headoffice.register.models import Card, CardDeed, Member
from headoffice.stations.models import Station
from station.card import Card as Held
from station.card import CardStatus, Medium
from station.card_hash import card_hash
from station.card_life import CardChanged, CardIssued, CardReason, Holder
from station.journal import EntryKind, Position
from sync.pull import Downlink, members_step
from sync.wire_feeds import MembersPage
from tests.headoffice.shop import CASHIER, Till, sale
from tests.headoffice.test_small_feeds import run

ACTIVE, BLOCKED, LOST, REPLACED, EXPIRED = CardStatus
FIRST, SECOND = demo.member_id(0), demo.member_id(1)
NEW, NEWER = 7, 8
SARA = Holder("h1", "Sara", 100, 50_000)
KEY = bytes(32)


@pytest.fixture(autouse=True)
def no_books() -> Iterator[None]:
    """Leave no member book behind for other tests."""
    yield
    shutil.rmtree(settings.HOME / snapshot.FOLDER, ignore_errors=True)


def printed(i: int) -> int:
    """The look-up value of the printed card of member ``i``."""
    return card_hash(settings.KEYS.card, demo.card_number(i))


def second_till() -> Till:
    till = Till("12-2")
    Station.objects.create(id="12-2", shop="12", public_key=till.public, paired_us=0)
    return till


def say(till: Till, *bodies: CardIssued | CardChanged) -> None:
    """Write entries about cards, and upload them."""
    first = len(till.journal.raws) + 1
    for body in bodies:
        kind = EntryKind.CARD_ISSUED if isinstance(body, CardIssued) else EntryKind.CARD_CHANGED
        till.journal.append(body, kind=kind, actor=CASHIER)
    assert till.put(1 if first == 2 else first, len(till.journal.raws)).status == 200


def issued(card: int, member: str = FIRST, **more: object) -> CardIssued:
    return replace(CardIssued(card, member, Medium.BARCODE), **more)  # type: ignore[arg-type] # fields of CardIssued


def changed(card: int, was: CardStatus, status: CardStatus, member: str = FIRST) -> CardChanged:
    return CardChanged(card, member, was, status, CardReason.LOST)


def held(card: int) -> tuple[str, str, str] | None:
    row = Card.objects.filter(hash=card).first()
    return (row.member, row.status, row.holder) if row else None


def conflicts() -> list[tuple[str, int, str, str, str, str]]:
    return [(row.station, row.card, row.conflict, row.member, row.owner, row.stood) for row in cards.conflicts()]


def fed(found: MembersPage, member: str) -> dict[int, CardStatus]:
    """The cards of ``member`` on a page of the feed."""
    [change] = [each for each in found.changes if each.member_id == member]
    return {card.hash: card.status for card in change.cards}


def test_a_card_given_out_is_the_members_and_comes_down_with_the_page_that_counts_it(till: Till) -> None:
    cursor = till.members().cursor
    say(till, issued(NEW))
    found = till.members(cursor)
    assert (held(NEW), found.projected) == ((FIRST, "ACTIVE", ""), 2)
    assert fed(found, FIRST)[NEW] is ACTIVE
    assert conflicts() == []


def test_the_page_that_counts_an_entry_brings_its_member_however_short_it_is(till: Till) -> None:
    """So the station may stop laying its own deed over the book at that very page."""
    first = page("12-1", till.journal.incarnation, "", 10**6)
    Member.objects.exclude(id__in=(FIRST, SECOND)).update(version=last_version(MEMBERS) + 1)
    say(till, issued(NEW), issued(NEWER, SECOND))
    second = page("12-1", till.journal.incarnation, first.cursor, 1)
    assert (second.projected, [each.member_id for each in second.changes], second.more) == (2, [FIRST], True)
    third = page("12-1", till.journal.incarnation, second.cursor, 1)
    assert (third.projected, [each.member_id for each in third.changes]) == (3, [SECOND])


def test_a_replaced_card_is_in_the_block_list_and_the_new_one_opens_the_account(till: Till) -> None:
    at = blocks.page("").cursor
    say(till, issued(NEW, replaces=printed(0)))
    assert (held(NEW), held(printed(0))) == ((FIRST, "ACTIVE", ""), (FIRST, "REPLACED", ""))
    [change] = blocks.page(at).changes
    assert (change.hash, change.member_id, change.status) == (printed(0), FIRST, REPLACED)


def test_a_lost_card_and_one_that_came_back(till: Till) -> None:
    say(till, changed(printed(0), ACTIVE, LOST))
    assert held(printed(0)) == (FIRST, "LOST", "")
    at = blocks.page("").cursor
    say(till, changed(printed(0), LOST, ACTIVE))
    assert held(printed(0)) == (FIRST, "ACTIVE", "")
    assert [each.status for each in blocks.page(at).changes] == [ACTIVE]


def test_two_stations_gave_the_same_card_to_two_members_the_first_keeps_it(till: Till, tmp_path: Path) -> None:
    other = second_till()
    say(till, issued(NEW, FIRST))
    say(other, issued(NEW, SECOND))
    assert held(NEW) == (FIRST, "ACTIVE", "")
    assert conflicts() == [("12-2", NEW, "TAKEN", SECOND, FIRST, "ACTIVE")]
    assert not Quarantine.objects.exists()
    with closing(MemberStore(tmp_path / "members.db", KEY, settings.KEYS.card)) as book:
        while members_step(book, cast("Downlink", _Office(other)), other.journal.incarnation):
            pass
        assert book.projected_through() == Position(other.journal.incarnation, 2)
        assert book.card_of(NEW) == Held(FIRST, ACTIVE)


class _Office:
    """Head office as the feeds' reader asks it, for members alone."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def members_page(self, cursor: str, incarnation: str) -> MembersPage:
        return self._till.members(cursor, incarnation)


def test_the_same_card_given_to_the_same_member_twice_is_no_conflict(till: Till) -> None:
    other = second_till()
    say(till, issued(NEW))
    version = last_version(MEMBERS)
    say(other, issued(NEW))
    assert (conflicts(), last_version(MEMBERS)) == ([], version)


def test_a_station_that_acted_on_an_older_state_changes_nothing(till: Till) -> None:
    cards.set_status(printed(0), BLOCKED)
    say(till, changed(printed(0), ACTIVE, LOST), changed(printed(1), ACTIVE, LOST), issued(NEW, "nobody"),
        changed(NEWER, ACTIVE, LOST), issued(NEWER, FIRST, holder="h" * 37))
    assert (held(printed(0)), held(printed(1)), held(NEW), held(NEWER)) == (
        (FIRST, "BLOCKED", ""), (SECOND, "ACTIVE", ""), None, None)
    assert sorted(conflicts()) == sorted([
        ("12-1", printed(0), "OLDER", FIRST, FIRST, "BLOCKED"), ("12-1", printed(1), "TAKEN", FIRST, SECOND, "ACTIVE"),
        ("12-1", NEW, "UNKNOWN", "nobody", "", ""), ("12-1", NEWER, "UNKNOWN", FIRST, "", ""),
        ("12-1", NEWER, "UNKNOWN", FIRST, "", "")])


def test_who_is_gone_gets_no_card(till: Till) -> None:
    Member.objects.filter(id=FIRST).update(gone=True)
    say(till, issued(NEW))
    assert [each[2] for each in conflicts()] == ["UNKNOWN"]


def test_a_rebuild_leaves_every_deed_as_it_was_decided(till: Till) -> None:
    other = second_till()
    say(till, issued(NEW), issued(NEWER, SECOND, replaces=printed(1)), changed(printed(0), ACTIVE, LOST))
    till.journal.append(sale())
    till.put(5, 5)
    say(other, issued(NEW, SECOND), changed(printed(0), ACTIVE, BLOCKED))
    cards.set_status(printed(0), ACTIVE)

    def books() -> tuple[list[object], list[object]]:
        return (list(Card.objects.order_by("hash").values_list()), list(CardDeed.objects.order_by("station", "seq", "card").values_list()))

    before = books()
    assert rebuild().differing == ()
    assert books() == before
    assert held(printed(0)) == (FIRST, "ACTIVE", "")


def test_families_come_down_by_the_feed_and_in_the_book(till: Till) -> None:
    cards.keep_holder(FIRST, SARA)
    cards.keep_holder(FIRST, Holder("h1", "", 200, None))
    say(till, issued(NEW, holder="h1"))
    [change] = [each for each in till.members().changes if each.member_id == FIRST]
    assert [(each.holder_id, each.name, each.points_per_day, each.value_per_day) for each in change.holders] == [
        ("h1", "Sara", 200, None)]
    assert {card.hash: card.holder for card in change.cards}[NEW] == "h1"
    assert "Sara" not in repr(change.holders)
    book = snapshot.make(snapshot.Extent(), now_us())
    with closing(MemberStore(settings.HOME / snapshot.FOLDER / f"{book.digest}.db", book.key, settings.KEYS.card)) as kept:
        assert kept.holders(FIRST) == [Holder("h1", "Sara", 200, None)]
        assert (kept.card_of(NEW), kept.card_of(printed(0))) == (Held(FIRST, ACTIVE, "h1"), Held(FIRST, ACTIVE))
    strangers = snapshot.make(snapshot.Extent(named_since="2999-01-01"), now_us())
    with closing(MemberStore(settings.HOME / snapshot.FOLDER / f"{strangers.digest}.db", strangers.key, settings.KEYS.card)) as kept:
        assert kept.holders(FIRST) == [Holder("h1", "", 200, None)]


@pytest.mark.usefixtures("till")
def test_holders_are_kept_and_erased_from_the_command_line() -> None:
    assert run("holder", FIRST, "h1", "--points-per-day", "100", piped="Sara\n")[0] == 0
    assert cards.holders(FIRST) == [Holder("h1", "Sara", 100, None)]
    assert json.loads(run("holder", FIRST)[1]) == {"id": "h1", "named": True, "points_per_day": 100, "value_per_day": None}
    assert run("card", "HOLDER", "--holder", "h1", piped=demo.card_number(0))[0] == 0
    assert held(printed(0)) == (FIRST, "ACTIVE", "h1")
    assert run("holder", FIRST, "h1", "--erase")[0] == 0
    assert cards.holders(FIRST) == [Holder("h1", "", 100, None)]
    for words, piped in (
            (("holder", "nobody", "h1"), ""), (("holder", FIRST, "h9", "--erase"), ""),
            (("holder", FIRST, "h1", "--points-per-day", "-1"), ""), (("card", "HOLDER", "--holder", "h9"), demo.card_number(0)),
            (("card", "HOLDER"), "1")):
        assert run(*words, piped=piped)[0] == 2
    assert held(printed(0)) == (FIRST, "ACTIVE", "h1")


@pytest.mark.usefixtures("till")
def test_a_card_is_replaced_from_the_command_line() -> None:
    cards.keep_holder(FIRST, SARA)
    cards.set_holder(printed(0), "h1")
    assert run("card", "REPLACE", piped=f"{demo.card_number(0)}\n9364000999999999\n")[0] == 0
    assert held(card_hash(settings.KEYS.card, "9364000999999999")) == (FIRST, "ACTIVE", "h1")
    assert held(printed(0)) == (FIRST, "REPLACED", "h1")
    for old, new in ((demo.card_number(0), "1"), ("2", "1"), (demo.card_number(1), demo.card_number(2))):
        assert run("card", "REPLACE", piped=f"{old}\n{new}\n")[0] == 2
    assert held(printed(1)) == (SECOND, "ACTIVE", "")


def test_conflicts_are_listed_and_closed_from_the_command_line(till: Till) -> None:
    say(till, issued(printed(1), FIRST))
    listed = json.loads(run("cards", "conflicts")[1])
    assert (listed["station"], listed["seq"], listed["conflict"], listed["member"], listed["owner"]) == (
        "12-1", 2, "TAKEN", FIRST, SECOND)
    assert "card" not in listed
    place = ("--station", "12-1", "--incarnation", till.journal.incarnation, "--seq")
    assert run("cards", "close")[0] == run("cards", "close", *place, "3")[0] == 2
    assert run("cards", "close", *place, "2") == (0, "")
    assert run("cards", "conflicts") == (0, "")
    assert json.loads(run("cards", "conflicts", "--all")[1])["closed_us"] > 0


@pytest.mark.parametrize("raw", [
    b'"card":-1', b'"member_id":""', b'"medium":"GLASS"', b'"replaces":9'])
def test_what_no_card_can_be_is_set_aside(till: Till, raw: bytes) -> None:
    fields = {b"card": b'"card":9', b"member_id": b'"member_id":"m"', b"medium": b'"medium":"CHIP"', b"replaces": b'"replaces":null'}
    fields[raw.split(b'"')[1]] = raw
    seq = till.journal.append_raw(
        b'{"version":1,"station":"12-1","incarnation":"%s","seq":2,"kind":"CARD_ISSUED","at":{"utc_us":1,"offset":0,'
        b'"date":"2026-11-22"},"actor":{"person":"s","role":"CASHIER"},"approver":null,"body":{%s}}'
        % (till.journal.incarnation.encode(), b",".join(fields.values())))
    assert till.put(1, seq).status == 200
    assert list(Quarantine.objects.values_list("seq", flat=True)) == [2]


def test_conflicts_are_in_the_console_with_both_members_names(till: Till) -> None:
    say(till, issued(printed(1), FIRST), changed(NEWER, ACTIVE, LOST))
    User.objects.create_superuser("boss", password="boss")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get())
    page = client.get("/console/console/conflictrow/", secure=True, headers={"Accept-Language": "en"}).content.decode()
    for words in ("a card that is somebody else", "a card or a member nobody knows"):
        assert words in page
    for i in (0, 1):
        assert Member.objects.get(id=demo.member_id(i)).name in page
