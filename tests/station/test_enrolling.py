"""What an enrolment says in the journal, and what of it is personal."""

from dataclasses import replace

import msgspec
import pytest

from station.bonus import Birth
from station.card import CardStatus, Medium
from station.card_life import CardDeed, CardIssued
from station.dates import Calendar
from station.enrolling import Admitted, MemberEnrolled, Person, card_deeds, document, new_member, read_person
from station.journal import ENTRY_TYPES, Entry, EntryKind, Personal
from station.member import Member
from station.told import MOST_CODE, MOST_CODES, Channel, Consent, Purpose
from tests.fakes import CASHIER, NOON

SARA = Person("سارا محمدی", "09121234567", "sara@shop.example", Birth(Calendar.JALALI, 7, 15))
BODY = MemberEnrolled("m9", "silver", Admitted(1, 385_000), 7, Medium.NFC_UID, (Consent(Purpose.SERVICE, Channel.SMS, 5),), "m1")


@pytest.mark.parametrize("person", [SARA, Person("", ""), Person("علی", "4915123456789"), replace(SARA, email="", birth=None)])
def test_a_person_is_read_as_written(person: Person) -> None:
    assert read_person(document(person)) == person


@pytest.mark.parametrize("raw", [
    b"", b"{", b"[]", b"{}", b"null", b'{"name":"a","phone":"","email":""}', b'{"name":1,"phone":"","email":"","birth":null}',
    b'{"name":"a","phone":"+98912","email":"","birth":null}', b'{"name":"a\\u0000","phone":"","email":"","birth":null}',
    b'{"name":"a","phone":"","email":"","birth":["JALALI",13,1]}', b'{"name":"a","phone":"","email":"","birth":["MOON",1,1]}',
    b'{"name":"a","phone":"","email":"","birth":["JALALI",1]}', b"[" * 100_000])
def test_what_is_no_person_is_refused_without_telling_what_it_held(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not in the form of a person") as refusal:
        read_person(raw)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("wrong", [{"phone": "9121234567"}, {"phone": "4567"}, {"name": "a" * 101}, {"email": "a" * 101}])
def test_a_person_out_of_form_cannot_be(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="form that is kept"):
        replace(SARA, **wrong)  # type: ignore[arg-type] # each by its name


def test_nothing_of_a_person_is_shown() -> None:
    assert repr(SARA) == "Person()"


@pytest.mark.parametrize("wrong", [
    {"member_id": ""}, {"referrer": "m9"}, {"card": None}, {"medium": None}, {"card": -1}, {"area": "a" * (MOST_CODE + 1)},
    {"tastes": ("a" * (MOST_CODE + 1),)}, {"consents": BODY.consents * 2},
    {"tastes": ("tea",) * MOST_CODES}])
def test_an_enrolment_out_of_bounds_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a new member has|bounds|63 bits"):
        replace(BODY, **wrong)  # type: ignore[arg-type] # each by its name


@pytest.mark.parametrize("wrong", [{"pack": 0}, {"purchase": -1}, {"fee_paid": -1}])
def test_what_admitted_somebody_is_a_pack_and_figures(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="admitted by pack"):
        replace(Admitted(1), **wrong)  # type: ignore[arg-type] # each by its name


def test_the_first_card_is_given_out_by_it() -> None:
    assert card_deeds(BODY) == (CardDeed(7, "m9", CardStatus.ACTIVE, holder=""),)
    assert card_deeds(replace(BODY, card=None, medium=None)) == ()
    assert card_deeds(CardIssued(8, "m9", Medium.BARCODE)) == (CardDeed(8, "m9", CardStatus.ACTIVE, holder=""),)


def test_the_member_of_it_has_no_points_and_after_an_erasure_no_name() -> None:
    assert new_member(BODY, SARA) == Member("m9", "سارا محمدی", "09121234567", "silver", 0, birth=SARA.birth)
    assert new_member(BODY, None) == Member("m9", "", "", "silver", 0)


def test_the_entry_is_read_as_written() -> None:
    entry = Entry(1, "12-1", "0" * 32, 2, EntryKind.MEMBER_ENROLLED, NOON, CASHIER, None, BODY, "c" * 64)
    assert msgspec.json.decode(msgspec.json.encode(entry), type=ENTRY_TYPES[EntryKind.MEMBER_ENROLLED]) == entry


def test_what_is_kept_of_people_commits_to_salt_and_document() -> None:
    # SHA-256 of "abc": FIPS 180-4, appendix B.1
    assert Personal(b"a", b"bc").commitment == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
