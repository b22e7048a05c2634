"""What a member tells: something, within bounds, each consent once; what is personal is in a document alone."""

import json
from dataclasses import replace

import pytest

from station.bonus import Birth
from station.dates import Calendar
from station.enrolling import Person
from station.enrolling import document as person_document
from station.telling import MOST_EMAIL, Beside, MemberTold, document, read_beside
from station.told import AGREEMENTS, MOST_CODE, MOST_CODES, NOTHING_TOLD, Channel, Consent, Purpose, Told

SMS, OFFERS = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS)
YES = Consent(*SMS, 5)
BODY = MemberTold("m1", area="12")
BESIDE = Beside(Birth(Calendar.JALALI, 7, 15), "sara@example.com")


@pytest.mark.parametrize("said", [
    {"tastes": ()}, {"area": ""}, {"given": (YES,)}, {"withdrawn": (YES,)}, {"birth": True}, {"email": True}])
def test_one_thing_is_enough(said: dict[str, object]) -> None:
    body = MemberTold("m1", **said)  # type: ignore[arg-type] # each by its name
    assert body.is_personal is bool({"birth", "email"} & {*said})


@pytest.mark.parametrize("wrong", [
    {"member_id": ""}, {"area": None}, {"area": "a" * (MOST_CODE + 1)}, {"tastes": ("a" * (MOST_CODE + 1),)},
    {"tastes": ("tea",) * MOST_CODES}, {"given": (YES, replace(YES, at_us=6))}, {"given": (YES,), "withdrawn": (YES,)}])
def test_nobody_nothing_too_much_and_the_same_consent_twice_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a member tells something|codes out of bounds"):
        replace(BODY, **wrong)  # type: ignore[arg-type] # each by its name


def test_what_is_personal_goes_through_a_document_and_is_never_shown() -> None:
    assert json.loads(document(BESIDE)) == {"email": "sara@example.com", "birth": ["JALALI", 7, 15]}
    assert read_beside(document(BESIDE)) == BESIDE
    assert read_beside(document(Beside())) == Beside(None, "")
    assert repr(BESIDE) == "Beside()"


def test_it_is_read_of_an_enrolment_as_well() -> None:
    person = Person("سارا", "09121234567", BESIDE.email, BESIDE.birth)
    assert read_beside(person_document(person)) == BESIDE


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"{}", b'{"email":"","birth":["LUNAR",1,1]}', b'{"email":"","birth":["JALALI",13,1]}', b'{"email":7,"birth":null}',
    b'{"email":"\\u0000","birth":null}', b'{"email":"","birth":7}', b"[" * 100_000])
def test_a_document_of_another_form_is_refused_and_not_quoted(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"^what is kept of what a member told is not in the form of it$"):
        read_beside(raw)


def test_an_address_has_an_end() -> None:
    with pytest.raises(ValueError, match="within bounds"):
        Beside(email="a" * (MOST_EMAIL + 1))


def test_what_is_not_spoken_of_stays() -> None:
    known = Told(("tea",), "12", (SMS,))
    assert known.after(None, None, (), ()) == known
    assert known.after((), None, (), ()) == Told((), "12", (SMS,))
    assert known.after(None, "", (), ()) == Told(("tea",), "", (SMS,))


def test_agreements_come_and_go_and_are_kept_in_one_order() -> None:
    known = NOTHING_TOLD.after(None, None, reversed(AGREEMENTS), ())
    assert known.agreed == AGREEMENTS
    assert Told(agreed=(SMS,)).after(None, None, (OFFERS, SMS), ()).agreed == (SMS, OFFERS)
    assert known.after(None, None, (), (OFFERS,)).agreed == tuple(each for each in AGREEMENTS if each != OFFERS)
    assert NOTHING_TOLD.after(None, None, (), (OFFERS,)) == NOTHING_TOLD
