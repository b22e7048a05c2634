"""People whom stations took into a family: in the register once, spending nothing until limits are set, told to every station."""

import json
from dataclasses import replace

import pytest

from headoffice import demo
from headoffice.clock import now_us
from headoffice.feeds.members import page
from headoffice.feeds.versions import MEMBERS, last_version
from headoffice.intake.models import Personal as Waiting
from headoffice.intake.models import Quarantine
from headoffice.projector.quarantine import replay
from headoffice.projector.rebuild import rebuild
from headoffice.register import cards
from headoffice.register.families import left_today
from headoffice.register.models import Card, CardDeed, Holder, Member, NewHolder
from station.card import Medium
from station.card_life import CardIssued, HolderAdded
from station.card_life import Holder as Held
from station.enrolling import Person, document
from station.journal import EntryKind, Personal
from station.leases import AccountKind
from sync.wire_feeds import HolderOfMember
from tests.headoffice.shop import CASHIER, NOON, Till
from tests.headoffice.test_card_deeds import second_till
from tests.headoffice.test_enrolments import BODY, MINE, SALT, send, write
from tests.headoffice.test_small_feeds import run

FIRST = demo.member_id(0)
KIAN, NIKA = "019ab000-0000-7000-8000-00000000000a", "019ab000-0000-7000-8000-00000000000b"


def take_in(till: Till, holder: str = KIAN, member: str = FIRST, name: str = "کیان", **facts: object) -> dict[int, Personal]:
    """Write that somebody is of the family now; return what the entry keeps of people, by its seq."""
    kept = Personal(SALT, document(Person(name, "")))
    facts = {"kind": EntryKind.HOLDER_ADDED, "actor": CASHIER, "personal": kept.commitment, **facts}
    return {till.journal.append(HolderAdded(member, holder), **facts): kept}


def give(till: Till, card: int, holder: str, member: str = FIRST) -> None:
    till.journal.append(CardIssued(card, member, Medium.BARCODE, holder), kind=EntryKind.CARD_ISSUED, actor=CASHIER)


def test_a_new_person_is_of_the_family_spends_nothing_and_is_kept_once(till: Till) -> None:
    send(till, take_in(till))
    assert cards.holders(FIRST) == [Held(KIAN, "کیان", 0, 0)]
    for kind in (AccountKind.POINTS, AccountKind.WALLET):
        assert left_today(FIRST, KIAN, NOON.date, kind) == 0
    decided = NewHolder.objects.get()
    assert (decided.member, decided.holder_id, decided.by, decided.at_us) == (FIRST, KIAN, CASHIER.person, NOON.utc_us)
    assert not Waiting.objects.exists()  # the name lies in the register now, and nowhere twice


def test_sent_twice_it_is_one_and_the_limits_set_meanwhile_stay(till: Till) -> None:
    kept = take_in(till)
    answer = send(till, kept).body
    cards.keep_holder(FIRST, Held(KIAN, "", 70, None))
    assert send(till, kept).body == answer
    copy = second_till()
    send(copy, take_in(copy, name="another"))  # a copied journal says it under a name of its own
    assert cards.holders(FIRST) == [Held(KIAN, "کیان", 70, None)]


def test_a_card_given_in_the_same_batch_is_the_new_persons(till: Till) -> None:
    kept = take_in(till)
    give(till, 7, KIAN)
    send(till, kept)
    row = Card.objects.get(hash=7)
    assert (row.member, row.holder, row.status, CardDeed.objects.get(card=7).conflict) == (FIRST, KIAN, "ACTIVE", "")


def test_a_person_is_taken_into_an_account_opened_in_the_same_batch(till: Till) -> None:
    kept = write(till, replace(BODY, card=None, medium=None))
    send(till, kept | take_in(till, member=MINE))
    assert cards.holders(MINE) == [Held(KIAN, "کیان", 0, 0)]


def test_the_page_that_counts_the_entry_brings_the_person_also_to_other_stations(till: Till) -> None:
    other = second_till()
    mine, theirs = till.members().cursor, other.members().cursor
    Member.objects.exclude(id=FIRST).update(version=last_version(MEMBERS) + 1)
    send(till, take_in(till))
    found = page("12-1", till.journal.incarnation, mine, 1)
    [change] = found.changes
    assert (found.projected, change.member_id) == (2, FIRST)
    assert change.holders == (HolderOfMember(holder_id=KIAN, name="کیان", points_per_day=0, value_per_day=0),)
    [told] = [each for each in page("12-2", other.journal.incarnation, theirs, 10**6).changes if each.member_id == FIRST]
    assert told.holders == change.holders


def test_a_member_nobody_knows_sets_the_entry_aside_alone_until_there_is_one(till: Till) -> None:
    kept = take_in(till, member=MINE) | take_in(till, NIKA)
    give(till, 7, KIAN, MINE)
    send(till, kept)
    [row] = Quarantine.objects.all()
    assert (row.seq, row.reason) == (2, "ValueError: nobody is a member by this id")
    assert list(Holder.objects.values_list("member", "holder_id")) == [(FIRST, NIKA)]
    Member.objects.create(id=MINE, name="", phone="", tier="", version=last_version(MEMBERS) + 1)
    assert replay("12-1", till.journal.incarnation, 2, now_us()) == ""
    assert cards.holders(MINE) == [Held(KIAN, "کیان", 0, 0)]
    assert not Waiting.objects.exists()


def test_one_whose_name_was_erased_at_the_station_is_of_the_family_without_one(till: Till) -> None:
    take_in(till)
    send(till, {})
    assert cards.holders(FIRST) == [Held(KIAN, "", 0, 0)]


def test_a_name_erased_here_stays_erased_when_the_entry_comes_again(till: Till) -> None:
    kept = take_in(till)
    send(till, kept)
    assert cards.erase_holder(FIRST, KIAN)
    send(till, kept)
    assert rebuild().differing == ()
    assert cards.holders(FIRST) == [Held(KIAN, "", 0, 0)]


@pytest.mark.parametrize("wrong", [{"holder": "h1"}, {"member": "m" * 101}, {"holder": KIAN.upper()}])
def test_an_entry_out_of_bounds_is_set_aside(till: Till, wrong: dict[str, str]) -> None:
    send(till, take_in(till, **wrong))
    assert Quarantine.objects.get().code == "UNREADABLE"


def test_what_is_not_what_the_entry_committed_to_sets_it_aside(till: Till) -> None:
    kept = take_in(till)
    send(till, {seq: replace(each, salt=bytes(32)) for seq, each in kept.items()})
    assert Quarantine.objects.get().reason == "ValueError: what came of people is not what the entry committed to"
    assert not Holder.objects.exists()


def test_a_rebuild_leaves_the_family_and_what_was_decided(till: Till) -> None:
    kept = take_in(till)
    give(till, 7, KIAN)
    send(till, kept)
    before = list(Holder.objects.values()), list(NewHolder.objects.values())
    assert rebuild().differing == ()
    assert (list(Holder.objects.values()), list(NewHolder.objects.values())) == before


def test_the_family_is_listed_with_where_each_was_taken_in_and_without_a_name(till: Till) -> None:
    cards.keep_holder(FIRST, Held("h1", "Sara", 60, None))
    send(till, take_in(till))
    code, listed = run("holder", FIRST)
    assert (code, [json.loads(line) for line in listed.splitlines()]) == (0, [
        {"id": KIAN, "named": True, "points_per_day": 0, "value_per_day": 0, "station": "12-1", "by": CASHIER.person,
         "at_us": NOON.utc_us},
        {"id": "h1", "named": True, "points_per_day": 60, "value_per_day": None}])


def test_the_limits_are_set_and_the_name_stays(till: Till) -> None:
    send(till, take_in(till))
    assert run("holder", FIRST, KIAN, "--points-per-day", "40", piped="\n")[0] == 0
    assert cards.holders(FIRST) == [Held(KIAN, "کیان", 40, None)]
