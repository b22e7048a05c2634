"""Members enrolled at stations: in the register once, with card, consents and who invited them; two with one phone both stay."""

import json
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headoffice import demo
from headoffice.audit.models import Difference
from headoffice.clock import now_us
from headoffice.console.models import EnrolmentRow
from headoffice.feeds.members import page
from headoffice.feeds.versions import MEMBERS, last_version
from headoffice.intake.models import Personal as Waiting
from headoffice.intake.models import Quarantine
from headoffice.ledger.models import Balance
from headoffice.projector.quarantine import replay
from headoffice.projector.rebuild import rebuild
from headoffice.register import enrolments
from headoffice.register.models import Card, CardDeed, Consent, Enrolment, Member
from station.bonus import Birth
from station.card import CardStatus, Medium
from station.dates import Calendar
from station.enrolling import Admitted, MemberEnrolled, Person, document
from station.journal import EntryKind, Personal, Stored
from station.member import MemberSnapshot
from station.people import Actor, Role
from station.told import Channel, Purpose
from station.told import Consent as Agreed
from sync import wire
from tests.headoffice.shop import CASHIER, Answer, Till, sale
from tests.headoffice.test_card_deeds import second_till
from tests.headoffice.test_claims import office_command
from tests.headoffice.test_small_feeds import run

FIRST = demo.member_id(0)
MINE, OTHERS = "019ab000-0000-7000-8000-000000000001", "019ab000-0000-7000-8000-000000000002"
THIRD = "019ab000-0000-7000-8000-000000000003"
SALT = bytes(range(32))
SARA = Person("سارا محمدی", "09351234567", "sara@shop.example", Birth(Calendar.JALALI, 7, 15))
BODY = MemberEnrolled(
    MINE, "silver", Admitted(1, 385_000), 7, Medium.NFC_UID,
    (Agreed(Purpose.SERVICE, Channel.SMS, 11), Agreed(Purpose.MARKETING, Channel.APP, 11)), FIRST, ("tea",), "12")


def write(till: Till, body: MemberEnrolled = BODY, person: Person | None = SARA, **facts: object) -> dict[int, Personal]:
    """Write an enrolment; return what it keeps of people, by its seq. None: that was erased before it went up."""
    kept = Personal(SALT, document(person or SARA))
    facts = {"kind": EntryKind.MEMBER_ENROLLED, "actor": CASHIER, "personal": kept.commitment, **facts}
    seq = till.journal.append(body, **facts)
    return {seq: kept} if person else {}


def send(till: Till, kept: dict[int, Personal], first: int = 1) -> Answer:
    """Upload all from entry ``first`` on, each with what it keeps of people."""
    journal, last = till.journal, len(till.journal.raws)
    lines = [line for seq in range(first, last + 1) for line in wire.lines_of(Stored(
        seq, EntryKind.SALE, journal.raws[seq - 1], journal.hashes[seq], personal=kept.get(seq)))]
    answer = till.put(first, last, body=wire.join_entries(lines))
    assert answer.status == 200
    return answer


def flags() -> list[tuple[str, str, bool, bool]]:
    return [(row.member, row.duplicate, row.known, row.referred) for row in enrolments.flagged()]


def test_an_enrolment_makes_a_member_with_card_consents_and_who_invited(till: Till) -> None:
    send(till, write(till, approver=Actor("reza", Role.MANAGER)))
    row = Member.objects.get(id=MINE)
    assert (row.name, row.phone, row.email, row.tier, row.invited_by, row.tastes, row.area, row.gone) == (
        "سارا محمدی", "09351234567", "sara@shop.example", "silver", FIRST, ["tea"], "12", False)
    assert (row.birth_calendar, row.birth_month, row.birth_day) == ("JALALI", 7, 15)
    held = Card.objects.get(hash=7)
    assert (held.member, held.status, held.holder) == (MINE, "ACTIVE", "")
    assert list(Consent.objects.order_by("purpose").values_list("member", "purpose", "channel", "given_us", "withdrawn_us")) == [
        (MINE, "MARKETING", "APP", 11, None), (MINE, "SERVICE", "SMS", 11, None)]
    decided = Enrolment.objects.get(member=MINE)
    assert (decided.by, decided.approver, decided.pack, decided.purchase, decided.referrer) == (
        CASHIER.person, "reza", 1, 385_000, FIRST)
    assert flags() == []
    assert not Waiting.objects.exists()  # it lies in the register now, and nowhere twice


def test_the_page_that_counts_the_entry_brings_the_member_and_the_card(till: Till) -> None:
    cursor = till.members().cursor
    Member.objects.exclude(id=FIRST).update(version=last_version(MEMBERS) + 1)
    send(till, write(till))
    found = page("12-1", till.journal.incarnation, cursor, 1)
    [change] = found.changes
    assert (found.projected, change.member_id, change.name, change.phone, change.tier, change.points) == (
        2, MINE, "سارا محمدی", "09351234567", "silver", 0)
    assert [(each.hash, each.status) for each in change.cards] == [(7, CardStatus.ACTIVE)]


def test_a_sale_to_the_new_member_in_the_same_batch_is_a_members_sale(till: Till) -> None:
    kept = write(till)
    sold = sale(MemberSnapshot(MINE, "silver", 0))
    till.journal.append(sold)
    send(till, kept)
    assert Balance.objects.get(member=MINE).points == sold.priced.points
    assert Member.objects.get(id=MINE).last_visit == sold.business_date
    assert not Difference.objects.filter(breach="MEMBER_UNKNOWN").exists()


def test_sent_twice_it_is_one_member(till: Till) -> None:
    kept = write(till)
    assert send(till, kept).body == send(till, kept).body
    assert Member.objects.filter(id=MINE).count() == Enrolment.objects.count() == 1


def test_two_stations_that_enrolled_one_phone_keep_both_and_the_later_is_flagged(till: Till) -> None:
    send(till, write(till))
    other = second_till()
    body = replace(BODY, member_id=OTHERS, card=8)
    kept = write(other, body, replace(SARA, name="سارا م."))
    sold = sale(MemberSnapshot(OTHERS, "silver", 0))
    other.journal.append(sold)
    send(other, kept)
    assert flags() == [(OTHERS, MINE, False, True)]
    assert Balance.objects.get(member=OTHERS).points == sold.priced.points
    fed = {each.member_id: each for each in till.members().changes}
    assert (fed[MINE].phone, fed[OTHERS].phone, fed[OTHERS].points) == (SARA.phone, SARA.phone, sold.priced.points)
    assert {each.hash for each in (*fed[MINE].cards, *fed[OTHERS].cards)} == {7, 8}


def test_one_enrolled_by_an_entry_that_was_erased_is_a_member_without_a_name(till: Till) -> None:
    send(till, write(till, person=None))
    row = Member.objects.get(id=MINE)
    assert (row.name, row.phone, row.birth_calendar) == ("", "", "")
    send(till, write(till, replace(BODY, member_id=OTHERS, card=8), person=None), 3)
    assert flags() == []  # no phone is not the same phone


def test_a_card_that_was_given_out_meanwhile_stays_where_it_is(till: Till) -> None:
    Card.objects.create(hash=7, member=FIRST, status="ACTIVE")
    send(till, write(till))
    assert Card.objects.get(hash=7).member == FIRST
    assert Member.objects.get(id=MINE).name == SARA.name
    assert CardDeed.objects.get(card=7).conflict == "TAKEN"


def test_a_referrer_whom_nobody_knows_is_flagged_and_left_out(till: Till) -> None:
    send(till, write(till, replace(BODY, referrer=OTHERS)))
    assert Member.objects.get(id=MINE).invited_by == ""
    assert flags() == [(MINE, "", False, False)]


def test_the_same_id_enrolled_by_another_journal_changes_nothing_and_is_flagged(till: Till) -> None:
    send(till, write(till))
    copy = second_till()
    send(copy, write(copy, person=replace(SARA, name="another")))
    assert Member.objects.get(id=MINE).name == SARA.name
    assert flags() == [(MINE, "", True, True)]


def test_what_is_not_what_the_entry_committed_to_sets_it_aside_alone(till: Till) -> None:
    kept = write(till)
    till.journal.append(sale())
    answer = send(till, {2: replace(kept[2], salt=bytes(32))}).read(wire.Receipt)
    assert answer.acknowledged == 3
    [row] = Quarantine.objects.all()
    assert (row.seq, row.reason) == (2, "ValueError: what came of people is not what the entry committed to")
    assert not Member.objects.filter(id=MINE).exists()
    Waiting.objects.update(salt=kept[2].salt)
    assert replay("12-1", till.journal.incarnation, 2, now_us()) == ""
    assert Member.objects.get(id=MINE).name == SARA.name


@pytest.mark.parametrize("wrong", [b"{}", b'{"name":"a","phone":"+98","email":"","birth":null}'])
def test_what_is_no_person_sets_the_entry_aside_and_tells_nothing_of_it(till: Till, wrong: bytes) -> None:
    kept = Personal(SALT, wrong)
    seq = till.journal.append(BODY, kind=EntryKind.MEMBER_ENROLLED, actor=CASHIER, personal=kept.commitment)
    send(till, {seq: kept})
    assert Quarantine.objects.get().reason == "ValueError: what is kept of the person is not in the form of a person"


@pytest.mark.parametrize("wrong", [
    {"member_id": "m1"}, {"tier": "a" * 101}, {"referrer": "a" * 101}, {"admitted": Admitted(10**17)},
    {"consents": (Agreed(Purpose.SERVICE, Channel.SMS, 10**17),)}])
def test_an_enrolment_out_of_bounds_is_set_aside(till: Till, wrong: dict[str, object]) -> None:
    send(till, write(till, replace(BODY, **wrong)))  # type: ignore[arg-type] # each by its name
    assert Quarantine.objects.get().code == "UNREADABLE"


def kept_rows() -> list[list[dict[str, object]]]:
    """The register's rows about members, but for their places in the feed."""
    members = [{name: value for name, value in row.items() if name != "version"} for row in Member.objects.order_by("id").values()]
    return [members, list(Enrolment.objects.values()), list(Consent.objects.order_by("purpose").values())]


def test_a_rebuild_leaves_the_register_and_what_was_decided(till: Till) -> None:
    kept = write(till)
    till.journal.append(sale(MemberSnapshot(MINE, "silver", 0)))
    send(till, kept)
    before = kept_rows()
    assert rebuild().differing == ()
    assert kept_rows() == before


def test_what_is_flagged_is_listed_and_closed(till: Till) -> None:
    send(till, write(till))
    other = second_till()
    send(other, write(other, replace(BODY, member_id=OTHERS, card=8)))
    place = ("--station", "12-2", "--incarnation", other.journal.incarnation, "--seq", "2")
    code, listed = run("enrolments", "flagged")
    said = json.loads(listed)
    assert (code, said["member"], said["duplicate"], said["station"], said["by"]) == (0, OTHERS, MINE, "12-2", CASHIER.person)
    assert not any(each in listed for each in (SARA.phone, SARA.name))
    assert [run("enrolments", "close")[0] != 0, run("enrolments", "close", *place)[0] != 0] == [True, False]
    assert run("enrolments", "close", *place)[0] != 0
    assert run("enrolments", "flagged") == (0, "")
    assert json.loads(run("enrolments", "flagged", "--all")[1])["member"] == OTHERS


def test_all_who_were_enrolled_are_listed_by_station_and_without_a_name(till: Till) -> None:
    send(till, write(till, approver=Actor("reza", Role.MANAGER)))
    other = second_till()
    send(other, write(other, replace(BODY, member_id=OTHERS, card=8), replace(SARA, phone="09350000000")))
    code, listed = run("enrolments", "list")
    rows = [json.loads(line) for line in listed.splitlines()]
    assert code == 0
    assert {(each["station"], each["member"], each["approver"], each["referrer"]) for each in rows} == {
        ("12-1", MINE, "reza", FIRST), ("12-2", OTHERS, "", FIRST)}
    assert not any(each in listed for each in (SARA.phone, SARA.name))
    assert [json.loads(line)["member"] for line in run("enrolments", "list", "--station", "12-2")[1].splitlines()] == [OTHERS]
    assert run("enrolments", "flagged", "--all") == (0, "")


def test_a_person_is_erased_and_the_account_stays(till: Till) -> None:
    kept = write(till)
    sold = sale(MemberSnapshot(MINE, "silver", 0))
    till.journal.append(sold)
    send(till, kept)
    cursor = till.members().cursor
    assert office_command("member", "erase", MINE) == (0, "")
    row = Member.objects.get(id=MINE)
    assert (row.name, row.phone, row.email, row.birth_calendar, row.tastes, row.area) == ("", "", "", "", [], "")
    assert not Consent.objects.filter(member=MINE, withdrawn_us=None).exists()
    [change] = page("12-1", till.journal.incarnation, cursor, 10).changes
    assert (change.member_id, change.name, change.phone, change.birth, change.points) == (MINE, "", "", None, sold.priced.points)
    assert [each.hash for each in change.cards] == [7]
    assert rebuild().differing == ()
    assert Member.objects.get(id=MINE).name == ""
    # whoever has that phone now is somebody else, and no duplicate
    other = second_till()
    send(other, write(other, replace(BODY, member_id=OTHERS, card=8)))
    assert flags() == []
    assert office_command("member", "erase", "nobody")[0] != 0


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("another member has this phone", "nobody knows who is said to have invited them", "open")),
    ("fa", ("عضو دیگری همین شماره را دارد", "معرف گفته‌شده را کسی نمی‌شناسد", "باز"))])
def test_the_console_shows_who_was_enrolled_and_what_stands_out(till: Till, language: str, said: tuple[str, ...]) -> None:
    other = second_till()
    copies = [write(till), write(other, replace(BODY, member_id=OTHERS, card=8, referrer="nobody"), replace(SARA, phone="09350000000"))]
    copies.append(write(other, replace(BODY, member_id=THIRD, card=9), replace(SARA, name="سارا م.")))
    send(till, copies[0])
    send(other, copies[1] | copies[2])
    assert list(EnrolmentRow.objects.order_by("-open", "finding").values_list("finding", "open", "other_name")) == [
        ("DUPLICATE", True, SARA.name), ("REFERRER", True, None), ("", False, None)]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_user("mina", is_staff=True))
    client.cookies["django_language"] = language
    listed = client.get("/console/console/enrolmentrow/").content.decode()
    assert [each for each in (*said, SARA.name, "سارا م.", "12-2/3") if each not in listed] == []
    assert SARA.phone not in listed
    assert enrolments.close("12-2", other.journal.incarnation, 3, now_us())
    assert EnrolmentRow.objects.filter(open=True).count() == 1
