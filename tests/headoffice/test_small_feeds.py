"""The block list, the staff and planned prices: what else comes down, page by page."""

import argparse
import contextlib
import hashlib
import io
import sys
from dataclasses import replace

import msgspec
import pytest
from django.conf import settings

from headoffice import demo
from headoffice.feeds import blocks, shelf, staff
from headoffice.refusal import RefusalError
from headoffice.register import arguments, goods
from headoffice.register.cards import set_status
from headoffice.register.commands import COMMANDS
from headoffice.register.goods import Planned, plan, set_barcodes
from headoffice.register.models import Staff
from headoffice.register.packs import publish
from headoffice.register.staff import HASHER, Person, keep, leave, new_pin, reset_pin
from station.card import CardStatus
from station.card_hash import card_hash
from station.people import Role
from station.text import Text
from sync import wire_feeds
from sync.wire import ProblemCode
from tests.headoffice.shop import Till

SARA = Person("s1", Text("سارا", "Sara"), Role.MANAGER, ("12",), 77, "m1")
FAR_US = 4_000_000_000_000_000


def digest(number: int) -> int:
    return card_hash(settings.KEYS.card, demo.card_number(number))


def ask(till: Till, path: str, cursor: str, form: type) -> object:
    return till.ask("GET", path, query={"cursor": cursor}).read(form)


def test_a_card_enters_the_block_list_and_stays_in_it(till: Till) -> None:
    first = blocks.page("")
    assert set_status(digest(1), CardStatus.BLOCKED)
    assert set_status(digest(2), CardStatus.LOST)
    assert set_status(digest(2), CardStatus.LOST)
    second = blocks.page(first.cursor, size=1)
    third = blocks.page(second.cursor, size=1)
    assert [(each.hash, each.member_id, each.status) for page in (second, third) for each in page.changes] == [
        (digest(1), demo.member_id(1), CardStatus.BLOCKED), (digest(2), demo.member_id(2), CardStatus.LOST)]
    assert (second.more, third.more, third.version - first.version) == (True, False, 2)
    set_status(digest(1), CardStatus.ACTIVE)
    page = ask(till, wire_feeds.BLOCKS_FEED_PATH, third.cursor, wire_feeds.BlocksPage)
    assert isinstance(page, wire_feeds.BlocksPage)
    assert [(each.hash, each.status) for each in page.changes] == [(digest(1), CardStatus.ACTIVE)]


def test_a_blocked_card_changes_its_member_too(till: Till) -> None:
    cursor = till.members().cursor
    set_status(digest(3), CardStatus.BLOCKED)
    [change] = till.members(cursor).changes
    assert {each.hash: each.status for each in change.cards}[digest(3)] is CardStatus.BLOCKED
    assert not set_status(1, CardStatus.BLOCKED)


def test_a_cursor_of_another_feed_is_refused(till: Till) -> None:
    assert till.journal
    with pytest.raises(RefusalError):
        blocks.page(shelf.page("12", "").cursor)


def test_a_person_is_known_where_they_work_and_nowhere_else(till: Till) -> None:
    keep(SARA)
    pin = reset_pin("s1")
    here = ask(till, wire_feeds.STAFF_FEED_PATH, "", wire_feeds.StaffPage)
    assert isinstance(here, wire_feeds.StaffPage)
    [sara] = here.changes
    assert (sara.role, sara.name, sara.badge, sara.member_id, sara.must_change, sara.resets) == (
        Role.MANAGER, Text("سارا", "Sara"), 77, "m1", True, 1)
    assert HASHER.verify(sara.pin, pin)
    [elsewhere] = staff.page("13", "").changes
    assert (elsewhere.staff_id, elsewhere.role, elsewhere.pin, elsewhere.name) == ("s1", None, "", Text("", ""))
    assert leave("s1")
    [gone] = staff.page("12", here.cursor).changes
    assert (gone.role, gone.pin) == (None, "")
    assert not leave("s2")
    with pytest.raises(KeyError):
        reset_pin("s1")
    for role in (Role.SYSTEM, Role.ALONE):
        with pytest.raises(ValueError, match=role.value):
            keep(Person("s3", Text("", ""), role))


def chosen(till: Till, verifier: str, replaces: str, staff_id: str = "s1") -> bool:
    body = wire_feeds.NewPin(staff_id=staff_id, pin=verifier, replaces=hashlib.sha256(replaces.encode()).hexdigest())
    return till.ask("POST", wire_feeds.PIN_PATH, body=msgspec.json.encode(body)).read(wire_feeds.PinKept).kept


def test_a_pin_chosen_at_the_counter_replaces_the_one_it_knew(till: Till) -> None:
    keep(SARA)
    reset_pin("s1")
    held = Staff.objects.get(id="s1").pin
    assert not chosen(till, "new", "another")
    assert chosen(till, "new", held)
    assert chosen(till, "new", held), "asked again after a lost answer"
    [sara] = staff.page("12", "").changes
    assert (sara.pin, sara.must_change) == ("new", False)
    assert not chosen(till, "new", held, "nobody")
    assert not new_pin("13", "s1", "theirs", hashlib.sha256(b"new").hexdigest())


@pytest.mark.parametrize("said", [{"staff_id": "s\0"}, {"pin": "v\0"}])
def test_a_pin_that_no_database_can_keep_is_refused(till: Till, said: dict[str, str]) -> None:
    body = {"staff_id": "s1", "pin": "v", "replaces": "0" * 64, **said}
    assert till.ask("POST", wire_feeds.PIN_PATH, body=msgspec.json.encode(body)).problem() == (400, ProblemCode.INVALID)


def test_a_price_is_planned_for_all_and_for_one_shop(till: Till) -> None:
    assert till.journal
    [good] = shelf.page("12", "", size=1).changes
    cursor = shelf.page("12", "").cursor
    assert good.product is not None
    assert plan(good.product_id, Planned(1, price=111))
    assert plan(good.product_id, Planned(FAR_US, price=222, taxes=("vat",)))
    assert plan(good.product_id, Planned(FAR_US + 5, "12", price=333, tax_percent="9", tax_included=False))
    [change] = shelf.page("12", cursor).changes
    [other] = shelf.page("13", cursor).changes
    assert change.product is not None
    assert (change.product.price, change.product.taxes) == (111, ())
    assert [(each.from_us, each.product.price, each.product.taxes, each.product.tax_percent, each.product.tax_included)
            for each in change.planned] == [
        (FAR_US, 222, ("vat",), good.product.tax_percent, good.product.tax_included),
        (FAR_US + 5, 333, ("vat",), "9", False)]
    assert [each.product.price for each in other.planned] == [222]


def test_a_plan_no_station_could_read_is_refused(till: Till) -> None:
    assert till.journal
    for wrong in (Planned(1, price=-1), Planned(1, tax_percent="much")):
        with pytest.raises(ValueError, match=r"price|percent"):
            plan("G0001", wrong)
    assert not plan("nothing", Planned(1))


def test_a_good_has_more_than_one_barcode(till: Till) -> None:
    assert till.journal
    set_barcodes("G0001", ("222", "111", "111"))
    changes = {each.product_id: each for each in shelf.page("12", "").changes}
    assert (changes["G0001"].barcodes, changes["G0002"].barcodes) == (("111", "222"), ())
    for taken in (demo.barcode(1), "111"):
        with pytest.raises(ValueError, match="another good's"):
            set_barcodes("G0002", (taken,))
    with pytest.raises(KeyError):
        goods.set_barcodes("nothing", ())
    set_barcodes("G0001", ("222",))
    set_barcodes("G0002", ("111",))


def test_a_pack_for_tomorrow_comes_down_beside_the_one_of_today(till: Till) -> None:
    for number, effective in ((2, 0), (3, FAR_US), (4, FAR_US + 1)):
        publish(replace(demo.PACK, number=number, effective_us=effective), 1)
    got = []
    for held in (0, 2, 3, 4, 9):
        answer = till.ask("GET", wire_feeds.PACK_PATH, query={"after": held}).read(wire_feeds.NextPack)
        got.append((answer.highest, answer.pack and answer.pack.number))
    assert got == [(4, 2), (4, 3), (4, 4), (4, None), (4, None)]


def run(*words: str, piped: str = "") -> tuple[int, str]:
    """Run a command of the register as typed; return its status and what it printed."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    arguments.add(lambda name, help_text: commands.add_parser(name, help=help_text))
    options = parser.parse_args(words)
    out = io.StringIO()
    before, sys.stdin = sys.stdin, io.StringIO(piped)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            return COMMANDS[options.command](options), out.getvalue()
    finally:
        sys.stdin = before


def test_people_are_kept_from_the_command_line(till: Till) -> None:
    assert till.journal
    assert run("staff", "s1", "--role", "SENIOR", "--name-fa", "سارا", "--shop", "12", "--badge", "B-9") == (0, "")
    status, pin = run("staff", "s1", "--reset-pin")
    assert (status, len(pin.strip())) == (0, 6)
    [sara] = staff.page("12", "").changes
    assert (sara.role, sara.badge) == (Role.SENIOR, card_hash(settings.KEYS.card, "B-9"))
    assert HASHER.verify(sara.pin, pin.strip())
    assert pin.strip() not in run("staff")[1]
    assert '"id":"s1"' in run("staff")[1]
    assert run("staff", "s1", "--leave") == (0, "")
    assert run("staff") == (0, "")
    assert [run("staff", "s1", *words)[0] for words in (("--leave",), ("--reset-pin",), ())] == [0, 2, 2]
    assert run("staff", "s9", "--leave")[0] == 2


def test_cards_prices_and_barcodes_are_set_from_the_command_line(till: Till) -> None:
    assert till.journal
    start = blocks.page("").cursor
    assert run("card", "BLOCKED", piped=demo.card_number(4) + "\n") == (0, "")
    assert [each.hash for each in blocks.page(start).changes] == [digest(4)]
    assert run("card", "BLOCKED", piped="5022291234567890\n") == (2, "this is not a card of the club\n")
    cursor = shelf.page("12", "").cursor
    assert run("price", "G0002", "--from", "2100-01-01T00:00:00+03:30", "--price", "77") == (0, "")
    assert run("barcodes", "G0002", "999") == (0, "")
    [change] = shelf.page("12", cursor).changes
    assert (change.barcodes, [each.product.price for each in change.planned]) == (("999",), [77])
    for words in (("price", "G0002", "--from", "2100-01-01T00:00:00"), ("price", "G0002", "--from", "soon"),
                  ("price", "none", "--from", "2100-01-01T00:00:00+03:30"), ("barcodes", "none"),
                  ("price", "G0002", "--from", "2100-01-01T00:00:00+03:30", "--price", "-1"),
                  ("barcodes", "G0001", "999")):
        assert run(*words)[0] == 2, words
