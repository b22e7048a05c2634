"""Whole member books: one state of the books, every blocked card, signed and sealed for each station."""

import argparse
import base64
import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.database import driver
from data.sealed import unseal
from data.snapshot_build import Counts
from headoffice import commands, demo
from headoffice.feeds import members, snapshot
from headoffice.feeds.cursor import seal
from headoffice.feeds.reading import one_look
from headoffice.feeds.snapshot import Extent
from headoffice.feeds.versions import MEMBERS, last_version, members_changed
from headoffice.ledger.models import Balance
from headoffice.main import _parser
from headoffice.register.models import Card, Member
from station.card import CardStatus
from station.feed import Stamp
from sync import wire_feeds
from sync.books import BookPull, sealing_key
from sync.ed25519 import Ed25519Verifier, public_key
from sync.wire import ProblemCode
from tests.headoffice.conftest import MEMBERS as COUNT
from tests.headoffice.shop import Till
from tests.headoffice.test_feeds import Cache, everything_shown_is_exact, openings
from tests.rigs.books import Desk

EVERYBODY = Extent()
NOW_US = 1_795_343_700_000_000


@pytest.fixture(autouse=True)
def books(office: Path) -> Iterator[Path]:
    """The folder of the books, empty."""
    folder = office / snapshot.FOLDER
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def desk(tmp_path: Path, till: Till) -> Iterator[Desk]:
    """The station's files; what is sealed to the till's key it can open."""
    desk = Desk(tmp_path, till.key, settings.KEYS.card)
    yield desk
    desk.close()


class Line:
    """Head office as the station asks for its books."""

    def __init__(self, till: Till) -> None:
        self.till = till

    def book(self, incarnation: str) -> wire_feeds.SignedBook | None:
        answer = self.till.ask("GET", wire_feeds.BOOK_PATH, query={"incarnation": incarnation})
        return None if answer.status == 404 else answer.read(wire_feeds.SignedBook)

    def book_chunk(self, digest: str, number: int) -> bytes:
        answer = self.till.ask("GET", wire_feeds.CHUNK_PATH, query={"digest": digest, "number": number})
        assert (answer.status, answer.headers["Content-Type"]) == (200, wire_feeds.CHUNK_TYPE)
        return answer.body


def install(desk: Desk, till: Till) -> None:
    pull = BookPull(desk.books, Line(till), Ed25519Verifier(public_key(settings.KEYS.office)))
    while pull.step(till.journal.incarnation):
        pass


def manifest(till: Till) -> wire_feeds.BookManifest:
    signed = Line(till).book(till.journal.incarnation)
    assert signed is not None
    return msgspec.json.decode(base64.b64decode(signed.document), type=wire_feeds.BookManifest)


def test_a_station_gets_what_the_feed_would_bring(till: Till, desk: Desk) -> None:
    snapshot.make(EVERYBODY, NOW_US)
    install(desk, till)
    page = till.members()
    assert desk.members.count() == len(page.changes) == COUNT
    for change in page.changes:
        held = desk.members.member(change.member_id)
        assert held is not None
        assert (held.name, held.phone, held.tier, held.points, held.purchases, held.last_visit, held.segments) == (
            change.name, change.phone, change.tier, change.points, change.purchases, change.last_visit, change.segments)
        assert (held.birth is None) == (change.birth is None)
        if held.birth and change.birth:
            assert (held.birth.calendar, held.birth.month, held.birth.day) == (
                change.birth.calendar, change.birth.month, change.birth.day)
    for i in range(COUNT):
        for number in (demo.card_number(i), demo.card_uid(i)):
            card = desk.members.card(number)
            assert card is not None
            assert card.member_id == demo.member_id(i)
            assert card.status is (
                CardStatus.BLOCKED if number == demo.card_number(demo.BLOCKED_AT) else
                CardStatus.LOST if number == demo.card_uid(demo.LOST_AT) else CardStatus.ACTIVE)
    assert desk.members.stamp() == Stamp(page.version, NOW_US)
    assert till.members(desk.members.cursor()).changes == ()


def test_the_description_is_signed_and_the_key_sealed_to_the_station_that_asks(till: Till) -> None:
    book = snapshot.make(EVERYBODY, NOW_US)
    signed = Line(till).book(till.journal.incarnation)
    assert signed is not None
    document = base64.b64decode(signed.document)
    assert Ed25519Verifier(public_key(settings.KEYS.office)).verify(base64.b64decode(signed.signature), document)
    told = msgspec.json.decode(document, type=wire_feeds.BookManifest)
    sealed = base64.b64decode(told.sealed_key)
    assert unseal(sealed, sealing_key(till.key)) == book.key
    with pytest.raises(ValueError, match="another key"):
        unseal(sealed, sealing_key(bytes(32)))
    assert (told.incarnation, told.projected) == (till.journal.incarnation, 0)
    # two cards each; in the demo club one printed card in 400 is blocked and one NFC card lost
    assert (told.members, told.named, told.cards, told.blocked) == (COUNT, COUNT, 2 * COUNT, 2)
    assert (told.version, told.taken_us) == (last_version(MEMBERS), NOW_US)
    assert book.key.hex() not in repr(book) + document.decode()


def test_its_pieces_are_the_file(till: Till, books: Path) -> None:
    book = snapshot.make(EVERYBODY, NOW_US)
    content = b"".join(Line(till).book_chunk(book.digest, number) for number in range(len(book.chunks)))
    assert content == (books / f"{book.digest}.db").read_bytes()


@pytest.mark.parametrize(("query", "status"), [
    ({"digest": "0" * 64, "number": 0}, 404), ({"digest": "of it", "number": 0}, 400), ({"digest": "../headoffice", "number": 0}, 400),
    ({"digest": "0" * 64, "number": -1}, 400), ({"digest": "0" * 64}, 400)])
def test_a_piece_of_no_book_is_refused(till: Till, query: dict[str, object], status: int) -> None:
    assert till.ask("GET", wire_feeds.CHUNK_PATH, query=query).problem() == (status, ProblemCode.INVALID)


@pytest.mark.parametrize("number", [2**30, 2**43, 2**63 - 1])
def test_as_far_behind_it_as_no_file_reaches_there_is_none(till: Till, number: int) -> None:
    digest = snapshot.make(EVERYBODY, NOW_US).digest
    answer = till.ask("GET", wire_feeds.CHUNK_PATH, query={"digest": digest, "number": number})
    assert answer.problem() == (404, ProblemCode.INVALID)


def test_after_the_last_piece_there_is_none(till: Till) -> None:
    book = snapshot.make(EVERYBODY, NOW_US)
    answer = till.ask("GET", wire_feeds.CHUNK_PATH, query={"digest": book.digest, "number": len(book.chunks)})
    assert answer.problem() == (404, ProblemCode.INVALID)


def test_before_a_book_was_made_there_is_none_to_give(till: Till, desk: Desk) -> None:
    answer = till.ask("GET", wire_feeds.BOOK_PATH, query={"incarnation": till.journal.incarnation})
    assert answer.problem() == (404, ProblemCode.INVALID)
    install(desk, till)
    assert desk.members.cursor() == ""


def test_who_is_no_station_gets_nothing(till: Till) -> None:
    book = snapshot.make(EVERYBODY, NOW_US)
    stranger = Till("12-9")
    for path, query in ((wire_feeds.BOOK_PATH, {"incarnation": "a" * 32}), (wire_feeds.CHUNK_PATH, {"digest": book.digest, "number": 0})):
        assert stranger.ask("GET", path, query=query).problem() == (401, ProblemCode.UNKNOWN_STATION)
    assert till.hello().status == 200


def test_the_two_newest_books_are_kept_and_only_the_owner_reads_their_keys(books: Path) -> None:
    made = [snapshot.make(EVERYBODY, NOW_US + i).digest for i in range(3)]
    assert {path.name for path in books.iterdir()} == {f"{each}{end}" for each in made[1:] for end in (".db", ".json")}
    assert stat.S_IMODE(books.stat().st_mode) == 0o700
    for digest in made[1:]:
        assert stat.S_IMODE((books / f"{digest}.json").stat().st_mode) == 0o600


def test_a_half_made_book_is_neither_given_nor_kept(till: Till, books: Path) -> None:
    snapshot.make(EVERYBODY, NOW_US)
    (books / f"{'f' * 64}.db").write_bytes(b"a kill left this")
    assert manifest(till).digest != "f" * 64
    snapshot.make(EVERYBODY, NOW_US + 1)
    assert not (books / f"{'f' * 64}.db").exists()


def seen(i: int, day: str, status: CardStatus = CardStatus.ACTIVE) -> None:
    Member.objects.filter(id=demo.member_id(i)).update(last_visit=day)
    Card.objects.filter(member=demo.member_id(i)).update(status=status.value)


def test_who_was_not_seen_for_long_is_anonymous_or_left_out_but_every_blocked_card_is_there(till: Till, desk: Desk) -> None:
    Member.objects.update(last_visit="2026-06-01")
    Card.objects.update(status=CardStatus.ACTIVE.value)
    seen(1, "2026-05-31")
    seen(2, "2020-01-01")
    seen(3, "2020-01-01", CardStatus.BLOCKED)
    seen(4, "")  # has just joined
    book = snapshot.make(Extent(known_since="2025-01-01", named_since="2026-06-01"), NOW_US)
    # two are not named, one is left out, two cards of one are blocked
    assert book.counts == Counts(members=COUNT - 1, named=COUNT - 3, cards=2 * (COUNT - 1), blocked=2)
    install(desk, till)
    anonymous = desk.members.member(demo.member_id(1))
    assert anonymous is not None
    row, points = Member.objects.get(id=demo.member_id(1)), Balance.objects.get(member=demo.member_id(1)).points
    assert (anonymous.name, anonymous.phone, anonymous.last_visit, anonymous.birth) == ("", "", "", None)
    assert (anonymous.tier, anonymous.points, anonymous.segments) == (row.tier, points, tuple(row.segments))
    assert desk.members.search(row.phone) == []
    assert desk.members.card(demo.card_number(2)) is None
    assert desk.members.member(demo.member_id(2)) is None
    blocked = desk.members.card(demo.card_number(3))
    assert blocked is not None
    assert blocked.status is CardStatus.BLOCKED
    joined = desk.members.member(demo.member_id(4))
    assert joined is not None
    assert joined.name


def test_who_is_gone_is_not_in_it(till: Till, desk: Desk) -> None:
    Member.objects.filter(id=demo.member_id(5)).update(gone=True)
    assert snapshot.make(EVERYBODY, NOW_US).counts.members == COUNT - 1
    install(desk, till)
    assert desk.members.card(demo.card_number(5)) is None


def test_all_is_read_in_one_look_and_what_changes_meanwhile_comes_by_the_feed(till: Till) -> None:
    with one_look() as look:
        [(version,)] = look.rows("SELECT version FROM feeds_feedversion WHERE feed = 'members'")
        stream = snapshot._members(look, EVERYBODY)
        first, _ = next(stream)
        with transaction.atomic(), connection.cursor() as cursor:
            members_changed(cursor, {demo.member_id(i): "2027-01-01" for i in range(COUNT)})
        assert first.last_visit < "2027"
        assert [each.last_visit for each, _ in stream if each.last_visit >= "2027"] == []
        assert last_version(MEMBERS) == version + COUNT
    cursor_then = seal(members.MembersPlace(version, till.journal.incarnation, 0))
    assert len(till.members(cursor_then).changes) == COUNT


def test_a_book_is_read_in_the_order_it_is_written_without_sorting(office: Path) -> None:
    assert office.exists()
    for query in (snapshot._MEMBERS, snapshot._CARDS.format(nested="CROSS JOIN")):
        with one_look() as look:
            told = " ".join(row[3] for row in look.rows(f"EXPLAIN QUERY PLAN {query}", known_since=""))
        assert "TEMP B-TREE" not in told, told
        assert told.count("SCAN") == 1, told


def from_book(cache: Cache, desk: Desk) -> None:
    """The station's cache is now what the book says."""
    cache.cursor = desk.members.cursor()
    position = desk.members.projected_through()
    assert position is not None
    cache.projected = position.seq
    for i in range(COUNT):
        held = desk.members.member(demo.member_id(i))
        assert held is not None
        cache.fed[held.member_id] = held.points, held.purchases


def test_balances_of_a_book_count_this_journal_up_to_what_was_received(till: Till, desk: Desk) -> None:
    opening, cache = openings(), Cache(till)
    for i in (0, 1, 0, COUNT + 2):
        cache.sell(i)
    till.put(1, 3)  # OPENED and two sales
    snapshot.make(EVERYBODY, NOW_US)
    till.put(4, 5)
    cache.sell(3)
    install(desk, till)
    from_book(cache, desk)
    assert cache.projected == 3
    everything_shown_is_exact(cache, opening)
    till.put(6, 6)
    while cache.pull(4):
        everything_shown_is_exact(cache, opening)
    everything_shown_is_exact(cache, opening)
    assert cache.projected == 6
    assert cache.fed == openings()


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.integers(0, 2 * COUNT - 1), st.sampled_from(["put", "book", "install", "pull"])), max_size=30))
def test_no_order_of_sales_uploads_books_and_pages_shows_a_wrong_balance(
    till: Till, tmp_path_factory: pytest.TempPathFactory, steps: list[int | str],
) -> None:
    fresh, folder = Till("12-1", till.key), tmp_path_factory.mktemp("station")
    cache, sent, opening, desk = Cache(fresh), 0, openings(), Desk(folder, till.key, settings.KEYS.card)
    snapshot.make(EVERYBODY, NOW_US)  # one of the example before would be older than what it left
    for step in steps:
        if isinstance(step, int):
            cache.sell(step)
        elif step == "put" and len(fresh.journal.raws) > sent:
            fresh.put(sent + 1, len(fresh.journal.raws))
            sent = len(fresh.journal.raws)
        elif step == "book":
            snapshot.make(EVERYBODY, NOW_US)
        elif step == "install" and not cache.cursor:
            install(desk, fresh)
            if desk.members.cursor():
                from_book(cache, desk)
        elif step == "pull":
            cache.pull(4)
        everything_shown_is_exact(cache, opening)
    while cache.pull(4):
        everything_shown_is_exact(cache, opening)
    everything_shown_is_exact(cache, opening)
    desk.close()


def test_a_restored_head_office_goes_on_above_what_stations_have_seen(till: Till, office: Path, tmp_path: Path) -> None:
    assert office.exists()
    with closing(driver.connect(str(settings.DATABASES["default"]["NAME"]))) as source, closing(
            driver.connect(str(tmp_path / "backup.db"))) as backup:
        source.backup(backup)
    before = last_version(MEMBERS)
    with transaction.atomic(), connection.cursor() as cursor:
        members_changed(cursor, {demo.member_id(i): "2027-01-01" for i in range(5)})
    seen_there = till.members()
    assert seen_there.version == before + 5
    halfway = seal(members.MembersPlace(before + 2, till.journal.incarnation, 0))
    snapshot.make(EVERYBODY, NOW_US)
    connection.close()
    with closing(driver.connect(str(tmp_path / "backup.db"))) as backup, closing(
            driver.connect(str(settings.DATABASES["default"]["NAME"]))) as restored:
        backup.backup(restored)
    assert last_version(MEMBERS) == before
    # the book of the lost future is not given
    assert Line(till).book(till.journal.incarnation) is None
    # the station is answered from the beginning, and the version does not fall
    again = till.members(seen_there.cursor)
    assert (len(again.changes), again.version) == (COUNT, before + 5)
    # another, which has a part of the lost future, begins anew as well; those from before do not
    assert len(till.members(halfway).changes) == COUNT
    assert till.members(again.cursor).changes == ()
    with transaction.atomic(), connection.cursor() as cursor:
        members_changed(cursor, {demo.member_id(7): "2027-02-01"})
    page = till.members(again.cursor)
    assert ([each.member_id for each in page.changes], page.version) == ([demo.member_id(7)], before + 6)


def test_the_command_makes_a_book_and_says_what_is_in_it(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    asked = _parser().parse_args(["snapshot", "--home", str(office), "--named-since", "2030-01-01"])
    assert commands.COMMANDS[asked.command](asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["members"], told["cards"], told["blocked"], told["named"]) == (COUNT, 2 * COUNT, 2, 0)
    assert told["version"] == last_version(MEMBERS)
    assert (office / snapshot.FOLDER / f"{told['digest']}.db").stat().st_size == told["bytes"]


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "2026-1-1"])
def test_the_command_refuses_what_is_no_day(capsys: pytest.CaptureFixture[str], day: str, books: Path) -> None:
    assert commands.book(argparse.Namespace(known_since="", named_since=day)) == 2
    assert day in capsys.readouterr().err
    assert not books.exists()
