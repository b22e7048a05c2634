"""What members told at counters: in the register, field by field the last word; consents with their history; told to every station."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headoffice import demo
from headoffice.clock import now_us
from headoffice.feeds import snapshot
from headoffice.feeds.members import page
from headoffice.feeds.versions import MEMBERS, last_version
from headoffice.intake.models import Personal as Waiting
from headoffice.intake.models import Quarantine
from headoffice.projector.quarantine import replay
from headoffice.projector.rebuild import rebuild
from headoffice.register import members
from headoffice.register.models import Consent, Member, PackDocument, Telling
from headoffice.register.packs import publish
from station.bonus import Birth
from station.clock import Moment
from station.dates import Calendar
from station.journal import EntryKind, Personal
from station.matter import AnswersTold, AnswerTold
from station.telling import Beside, MemberTold, document
from station.text import Text
from station.told import Channel, Purpose, Told
from station.told import Consent as Said
from sync.wire_feeds import ToldByMember
from tests.headoffice.shop import CASHIER, NOON, Till
from tests.headoffice.test_card_deeds import second_till
from tests.headoffice.test_enrolments import MINE, SALT, send, write
from tests.headoffice.test_snapshot import EVERYBODY, books, desk, install
from tests.rigs.books import Desk

__all__ = ["books", "desk"]
FIRST = demo.member_id(0)
SMS, OFFERS = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS)
BESIDE = Beside(Birth(Calendar.JALALI, 7, 15), "sara@shop.example")
MINUTE_US = 60_000_000


def at(minutes: int) -> Moment:
    return replace(NOON, utc_us=NOON.utc_us + minutes * MINUTE_US)


def tell(till: Till, member: str = FIRST, minutes: int = 0, beside: Beside = BESIDE, **said: object) -> dict[int, Personal]:
    """Write what a member told so many minutes after noon; return what the entry keeps of people, by its seq."""
    body = MemberTold(member, **said)  # type: ignore[arg-type] # each by its name
    kept = Personal(SALT, document(beside))
    seq = till.journal.append(body, kind=EntryKind.MEMBER_TOLD, actor=CASHIER, at=at(minutes),
                              personal=kept.commitment if body.is_personal else "")
    return {seq: kept} if body.is_personal else {}


def yes(*what: tuple[Purpose, Channel], minutes: int = 0) -> tuple[Said, ...]:
    return tuple(Said(*each, at(minutes).utc_us) for each in what)


def held(member: str = FIRST) -> tuple[object, ...]:
    row = Member.objects.get(id=member)
    return row.tastes, row.area, row.email, (row.birth_calendar, row.birth_month, row.birth_day)


def consents(member: str = FIRST) -> list[tuple[object, ...]]:
    return list(Consent.objects.filter(member=member).order_by("purpose", "channel").values_list(
        "purpose", "channel", "given_us", "withdrawn_us"))


@pytest.fixture(autouse=True)
def bare(till: Till) -> None:
    """The first member of the demo club has told nothing yet."""
    Member.objects.filter(id=FIRST).update(
        tastes=[], area="", email="", birth_calendar="", birth_month=0, birth_day=0)
    assert till.journal.incarnation


def test_what_was_told_is_in_the_register_and_the_rest_stays(till: Till) -> None:
    name = Member.objects.get(id=FIRST).name
    send(till, tell(till, tastes=("tea", "cake"), area="12", given=yes(SMS), birth=True, email=True))
    assert held() == (["tea", "cake"], "12", "sara@shop.example", ("JALALI", 7, 15))
    assert consents() == [("SERVICE", "SMS", NOON.utc_us, None)]
    assert Member.objects.get(id=FIRST).name == name
    assert not Waiting.objects.exists()  # it lies in the register now, and nowhere twice
    send(till, tell(till, minutes=1, area="14"), 3)
    assert held() == (["tea", "cake"], "14", "sara@shop.example", ("JALALI", 7, 15))


def test_the_history_of_a_consent_is_kept_and_a_withdrawal_takes_effect(till: Till) -> None:
    tell(till, given=yes(SMS, OFFERS))
    tell(till, minutes=1, withdrawn=yes(OFFERS, minutes=1))
    tell(till, minutes=2, given=yes(OFFERS, SMS, minutes=2))
    tell(till, minutes=3, withdrawn=yes(OFFERS, minutes=3))
    send(till, {})
    # what stands goes on standing since it was given first; what was given anew counts from then
    assert consents() == [
        ("MARKETING", "SMS", at(2).utc_us, at(3).utc_us), ("SERVICE", "SMS", NOON.utc_us, None)]
    assert list(Telling.objects.filter(what="MARKETING/SMS").order_by("seq").values_list("value", "at_us", "member", "by", "station")) == [
        (value, at(minute).utc_us, FIRST, CASHIER.person, "12-1")
        for minute, value in enumerate(("GIVEN", "WITHDRAWN", "GIVEN", "WITHDRAWN"))]


def test_consents_of_an_enrolment_begin_the_history_and_can_be_withdrawn(till: Till) -> None:
    # the enrolment says 11 µs after 1970, and the clock of this till may be behind that one's
    kept = write(till)
    send(till, kept)
    assert list(Telling.objects.order_by("what").values_list("what", "value", "at_us")) == [
        ("MARKETING/APP", "ENROLLED", 11), ("SERVICE/SMS", "ENROLLED", 11)]
    Telling.objects.update(at_us=at(60).utc_us)
    send(till, tell(till, MINE, withdrawn=yes(SMS)), 3)
    assert consents(MINE) == [("MARKETING", "APP", 11, None), ("SERVICE", "SMS", 11, NOON.utc_us)]


def test_a_birthday_and_tastes_can_be_taken_back(till: Till) -> None:
    kept = tell(till, tastes=("tea",), area="12", birth=True) | tell(till, minutes=1, beside=Beside(), tastes=(), area="", birth=True)
    send(till, kept)
    assert held() == ([], "", "", ("", 0, 0))


def test_an_address_alone_leaves_the_birthday(till: Till) -> None:
    send(till, tell(till, birth=True) | tell(till, minutes=1, beside=Beside(email="new@shop.example"), email=True))
    assert held() == ([], "", "new@shop.example", ("JALALI", 7, 15))


def test_sent_twice_it_is_told_once(till: Till) -> None:
    kept = tell(till, area="12", given=yes(SMS))
    assert send(till, kept).body == send(till, kept).body
    assert Telling.objects.count() == 2


@pytest.mark.parametrize("in_order", [True, False])
def test_of_two_stations_the_last_word_counts_field_by_field_whichever_comes_first(till: Till, *, in_order: bool) -> None:
    other = second_till()
    early = tell(till, tastes=("tea",), area="12", given=yes(SMS, OFFERS), birth=True)
    late = tell(other, minutes=1, beside=Beside(Birth(Calendar.JALALI, 8, 1)), area="14", birth=True,
                withdrawn=yes(OFFERS, minutes=1))
    for journal, kept in ((till, early), (other, late)) if in_order else ((other, late), (till, early)):
        send(journal, kept)
    assert held() == (["tea"], "14", "", ("JALALI", 8, 1))
    assert [(purpose, channel) for purpose, channel, _, withdrawn in consents() if withdrawn is None] == [("SERVICE", "SMS")]


@pytest.mark.parametrize("in_order", [True, False])
def test_of_one_moment_the_later_name_counts(till: Till, *, in_order: bool) -> None:
    other = second_till()
    tell(till, area="12")
    tell(other, area="14")
    for journal in (till, other) if in_order else (other, till):
        send(journal, {})
    assert held()[1] == "14"  # of station 12-2


def test_the_page_that_counts_the_entry_brings_it_also_to_other_stations(till: Till) -> None:
    other = second_till()
    mine, theirs = till.members().cursor, other.members().cursor
    Member.objects.exclude(id=FIRST).update(version=last_version(MEMBERS) + 1)
    send(till, tell(till, tastes=("tea",), area="12", given=yes(OFFERS, SMS)))
    found = page("12-1", till.journal.incarnation, mine, 1)
    [change] = found.changes
    assert (found.projected, change.member_id) == (2, FIRST)
    assert change.told == ToldByMember(tastes=("tea",), area="12", agreed=(OFFERS, SMS))
    [told] = [each for each in page("12-2", other.journal.incarnation, theirs, 10**6).changes if each.member_id == FIRST]
    assert told.told == change.told
    send(till, tell(till, minutes=1, tastes=(), area="", withdrawn=yes(OFFERS, SMS, minutes=1)), 3)
    assert [each.told for each in till.members(found.cursor).changes if each.member_id == FIRST] == [None]


def test_a_member_book_holds_it_also_of_whom_it_does_not_name(till: Till, desk: Desk) -> None:
    send(till, tell(till, given=yes(OFFERS, SMS)))
    second = demo.member_id(1)
    send(till, tell(till, second, tastes=("tea",), area="12"), 3)
    Member.objects.filter(id=FIRST).update(last_visit="2020-01-01")
    snapshot.make(replace(EVERYBODY, named_since="2021-01-01"), now_us())
    install(desk, till)
    found = [desk.members.member(each) for each in (FIRST, second)]
    assert [each and (bool(each.name), each.told) for each in found] == [
        (False, Told(agreed=(SMS, OFFERS))), (True, Told(("tea",), "12"))]


def test_a_member_nobody_knows_sets_the_entry_aside_alone_until_there_is_one(till: Till) -> None:
    send(till, tell(till, MINE, area="12", birth=True) | tell(till, area="14"))
    [row] = Quarantine.objects.all()
    assert (row.seq, row.reason) == (2, "ValueError: nobody is a member by this id")
    assert held()[1] == "14"
    Member.objects.create(id=MINE, name="", phone="", tier="", version=last_version(MEMBERS) + 1)
    assert replay("12-1", till.journal.incarnation, 2, now_us()) == ""
    assert held(MINE) == ([], "12", "", ("JALALI", 7, 15))


def test_what_was_erased_at_the_station_was_not_told(till: Till) -> None:
    tell(till, birth=True, email=True)
    tell(till, area="12", birth=True)
    send(till, {})
    assert held() == ([], "12", "", ("", 0, 0))
    assert list(Telling.objects.values_list("what", flat=True)) == ["AREA"]


def test_nothing_told_before_a_member_was_erased_comes_back(till: Till) -> None:
    members.erase(FIRST, at(1).utc_us)
    send(till, tell(till, area="12", given=yes(SMS), birth=True, email=True))
    assert (held(), consents()) == (([], "", "", ("", 0, 0)), [])
    send(till, tell(till, minutes=2, area="14", given=yes(SMS, minutes=2)), 3)  # the member came back and told it anew
    assert (held(), consents()) == (([], "14", "", ("", 0, 0)), [("SERVICE", "SMS", at(2).utc_us, None)])


@pytest.mark.parametrize("wrong", [
    {"member": "m" * 101, "area": "12"}, {"given": (Said(*SMS, 10**17),)}, {"withdrawn": (Said(*SMS, -(10**17)),)}])
def test_an_entry_out_of_bounds_is_set_aside(till: Till, wrong: dict[str, object]) -> None:
    tell(till, **wrong)  # type: ignore[arg-type] # each by its name
    send(till, {})
    assert Quarantine.objects.get().code == "UNREADABLE"


def test_what_is_not_what_the_entry_committed_to_sets_it_aside(till: Till) -> None:
    kept = tell(till, birth=True)
    send(till, {seq: replace(each, salt=bytes(32)) for seq, each in kept.items()})
    assert Quarantine.objects.get().reason == "ValueError: what came of people is not what the entry committed to"
    assert not Telling.objects.exists()


def test_a_rebuild_leaves_it(till: Till) -> None:
    send(till, tell(till, tastes=("tea",), given=yes(SMS), birth=True))
    before = held(), consents(), list(Telling.objects.values())
    assert rebuild().differing == ()
    assert (held(), consents(), list(Telling.objects.values())) == before


def shown(language: str) -> str:
    """The console's page of the first member, as text."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get_or_create(username="mina", is_staff=True)[0])
    client.cookies["django_language"] = language
    answer = client.get(f"/console/console/memberrow/{FIRST}/change/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("Tea, silk", "District 12", "sara@shop.example", "about the own account, SMS since 2026-11-22",
            "new goods and offers, SMS since 2026-11-22 14:05 withdrawn 2026-11-22 14:06",
            "new goods and offers, SMS withdrawn 12-1/3 sara", "tastes 12-1/2 sara", "birthday 12-1/2 sara")),
    ("fa", ("چای، silk", "منطقهٔ ۱۲", "sara@shop.example", "دربارهٔ حساب خود او، پیامک از ۱۴۰۵/۰۹/۰۱",
            "کالاها و پیشنهادهای تازه، پیامک پس گرفته شد 12-1/3 sara", "سلیقه‌ها 12-1/2 sara", "زادروز 12-1/2 sara"))])
def test_the_console_shows_what_is_known_and_the_history_of_it(till: Till, language: str, said: tuple[str, ...]) -> None:
    texts = {"taste:tea": Text("چای", "Tea"), "area:12": Text("منطقهٔ ۱۲", "District 12")}
    publish(replace(demo.PACK, number=2, texts=texts), 0)
    send(till, tell(till, tastes=("tea", "silk"), area="12", given=yes(SMS, OFFERS), birth=True, email=True)
         | tell(till, minutes=1, withdrawn=yes(OFFERS, minutes=1)))
    told = shown(language)
    assert [each for each in said if each not in told] == []


def test_the_console_shows_nothing_of_who_told_nothing(till: Till) -> None:
    assert till.journal.incarnation
    PackDocument.objects.all().delete()
    told = shown("en")
    assert "Area of residence – E-mail – May be written to – Told at counters –" in told
    send(till, tell(till, area="12"))
    assert "Area of residence 12" in shown("en")


def test_the_console_shows_that_answers_were_shown(till: Till) -> None:
    body = AnswersTold(FIRST, (AnswerTold("a1", 5),))
    till.journal.append(body, kind=EntryKind.ANSWERS_TOLD, actor=CASHIER)
    send(till, {})
    assert "answers shown 12-1/2 sara" in shown("en")
    assert "پاسخ نشان داده شد 12-1/2 sara" in shown("fa")
