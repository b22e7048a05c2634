"""Finding by name and phone: the ways one name is written, as tables."""

import itertools

import pytest

from station.search import MOST_WORDS, Wanted, fold, starts, wanted

ZWNJ = "\u200c"
NAME, PHONE = "علی کریمی", "09121234567"


@pytest.mark.parametrize(("written", "words"), [
    # the Arabic yeh, the one without dots, the Pashto one, and the yeh with a hamza are the Persian yeh
    ("علي", "علی"), ("على", "علی"), ("علې", "علی"), ("علۍ", "علی"), ("رئوف", "ریوف"), ("رضائی", "رضایی"),
    # the Arabic kaf and its swash form
    ("كاوه", "کاوه"), ("ڪاوه", "کاوه"),
    # alef with madda, with hamza above and below, wasla
    ("آرش", "ارش"), ("أحمد", "احمد"), ("إبراهیم", "ابراهیم"), ("ٱحمد", "احمد"),
    # heh: the tied teh, the heh with yeh, the Urdu, the doachashmee and the Kurdish one
    ("فاطمة", "فاطمه"), ("زهرۀ", "زهره"), ("زهرہ", "زهره"), ("زهرھ", "زهره"), ("زهرە", "زهره"),
    # waw with hamza; a hamza that stands alone is nothing
    ("مؤمنی", "مومنی"), ("بهاءالدین", "بهاالدین"),
    # the same letters with their marks as characters of their own
    ("\u0627\u0653رش", "ارش"), ("زهره\u0654", "زهره"),
    # vowels, doubling, the small alef, the stretching line
    ("مُحَمَّد", "محمد"), ("رحمٰن", "رحمن"), ("مـــحمد", "محمد"),
    # presentation forms, as old programs export them
    ("ﻣﺤﻤﺪ", "محمد"), ("ﻻله", "لاله"),
    # what parts words, and marks of direction, which do not
    (f"محمد{ZWNJ}رضا", "محمد رضا"), ("محمد رضا", "محمد رضا"), ("محمد\u00a0رضا", "محمد رضا"), ("محمد-رضا", "محمد رضا"),
    ("  محمد   رضا ", "محمد رضا"), ("\u200fمحمد\u200e", "محمد"), ("مح\u200dمد", "محمد"), ("د. محمد", "د محمد"),
    # digits of three scripts, Latin letters of either case and with accents
    ("۰۹۱۲", "0912"), ("٠٩١٢", "0912"), ("Sara O’NEILL", "sara o neill"), ("José STRAẞE", "jose strasse"),
    ("", ""), (f" {ZWNJ} ", ""), ("؟!", ""),
])
def test_one_name_however_it_is_written(written: str, words: str) -> None:
    assert fold(written) == tuple(words.split())


def test_folding_again_changes_nothing() -> None:
    folded = fold(f"آقا سيّد مُحمّد{ZWNJ}رضا كاظمي‌نژاد ۲")
    assert folded == ("اقا", "سید", "محمد", "رضا", "کاظمی", "نژاد", "2")
    assert fold(" ".join(folded)) == folded


def test_a_name_begins_at_each_of_its_words() -> None:
    assert starts(("علی", "رضا", "کریمی")) == ("علیرضاکریمی", "رضاکریمیعلی", "کریمیعلیرضا")
    assert starts(()) == ()
    assert len(starts(tuple("ابپتثجچحخ"))) == MOST_WORDS == 8


SPELLINGS = (f"محمد{ZWNJ}رضا کریمی", "محمد رضا کریمی", "محمدرضا کریمی", f"محمدرضا{ZWNJ}کریمی", "مُحمَّد‌رضا كريمي")


@pytest.mark.parametrize(("stored", "typed"), [*itertools.product(SPELLINGS, SPELLINGS)])
def test_a_space_a_joiner_and_nothing_are_the_same(stored: str, typed: str) -> None:
    assert wanted(typed).matches(stored, PHONE)


@pytest.mark.parametrize(("typed", "found"), [
    ("علي كريمي", True), ("علی", True), ("عل", True), ("کریمی", True), ("کر", True), ("کریمی علی", True), ("کری عل", True),
    ("علیکریمی", True), ("علی کریمیان", False), ("ریمی", False), ("لی", False), ("علی رضا", False), ("رضا", False),
    ("4567", True), ("۴۵۶۷", True), ("٤٥٦٧", True), ("1234", False), ("0912", False), ("567", False),
    (PHONE, True), ("0912 123 4567", True), ("۰۹۱۲-۱۲۳-۴۵۶۷", True), ("+98 912 123 4567", True), ("00989121234567", True),
    ("989121234567", True), ("9121234567", True), ("0912123456", False), ("091212345678", False), ("34567", False),
    ("علی 4567", True), ("4567 کری", True), ("۴۵۶۷ كريمي علي", True), ("رضا 4567", False), ("علی 4568", False),
    ("علی 09121234567", True), ("ع", False), ("ع 4567", False), ("علی 567", False), ("", False), ("  ", False), ("-", False),
])
def test_what_is_typed_finds_the_member_or_not(typed: str, found: bool) -> None:  # noqa: FBT001 - a table
    assert wanted(typed).matches(NAME, PHONE) is found


@pytest.mark.parametrize(("typed", "asked"), [
    ("علي ۴۵۶۷", Wanted(("علی",), "4567")), ("+98 (912) 123-4567", Wanted((), PHONE)),
    ("a2", Wanted(("a2",))), ("0098912123456", Wanted((), "0098912123456")),
    ("ع", Wanted()), ("123", Wanted()), ("علی 123", Wanted()), ("ع 1234", Wanted()), ("", Wanted())])
def test_what_is_asked_for(typed: str, asked: Wanted) -> None:
    assert wanted(typed) == asked
    assert asked.is_empty == (asked == Wanted())


def test_words_between_may_be_left_out() -> None:
    name = f"سید علی{ZWNJ}رضا کاظمی{ZWNJ}نژاد"
    for typed in ("علی کاظمی", "سید نژاد", "کاظمی علی سید", "علیرضا کاظمی", "سید کاظمینژاد"):
        assert wanted(typed).matches(name, "")
    # each word typed must begin at a word of the name
    for typed in ("علی اظمی", "سید ضا", "علی محمد"):
        assert not wanted(typed).matches(name, "")


def test_who_has_no_name_is_found_by_phone_only() -> None:
    assert wanted("4567").matches("", PHONE)
    assert not wanted("علی").matches("", PHONE)
    assert not wanted("4567").matches(NAME, "")
