"""Searching the member book: indexed, in an order that stands, and exactly what the rule finds."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.member_rows import starts_stored, text_stored, texts_from
from data.members import MemberStore
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.member import Member
from station.search import MOST_FOUND, wanted
from tests.data.conftest import CARD_KEY, KEY

WORDS = ("علی", "علي", "رضا", "عل", "محمد", "محمد\u200cرضا", "كاظمي", "کا", "sara", "Ś", "Ж", "2")


def person(i: int, name: str, phone: str = "") -> Member:
    return Member(f"m{i}", name, phone, "gold", i)


def fill(members: MemberStore, *people: Member) -> None:
    members.apply(MemberPage(
        "c", Position("a" * 32, 1), tuple(MemberRecord(each, ()) for each in people), (), Stamp(1, 1), last=True))


def found(members: MemberStore, text: str) -> list[str]:
    return [each.member_id for each in members.search(text)]


def test_the_order_is_that_of_the_name_then_of_the_number(members: MemberStore) -> None:
    # from its second word on علی احمد is written as احمد علی is: alike, they go by the order they came in
    fill(members, person(1, "علی احمد"), person(2, "علی"), person(3, "سارا احمدی"), person(4, "احمد علی"), person(5, "ابی"))
    assert found(members, "علی") == ["m2", "m1", "m4"]
    assert found(members, "احمد") == ["m1", "m4", "m3"]
    assert found(members, "احمد علی") == ["m1", "m4"]
    assert found(members, "اب") == ["m5"]


def test_names_that_go_on_as_typed_come_before_others(members: MemberStore) -> None:
    fill(members, person(1, "سید علی رضا کاظمی"), person(2, "علی کاظمی"), person(3, "علی کاشانی"))
    assert found(members, "علی کا") == ["m3", "m2", "m1"]


def test_the_last_digits_go_by_the_number_before_them(members: MemberStore) -> None:
    fill(members, person(1, "ب", "09129994567"), person(2, "الف", "09121114567"), person(3, "ج", "09121114568"), person(4, "د"))
    assert found(members, "4567") == ["m2", "m1"]
    assert found(members, "الف 4567") == ["m2"]
    assert found(members, "سارا 4567") == []
    assert found(members, "09129994567") == ["m1"]
    assert found(members, "0912999456") == []


def test_a_phone_that_begins_another_is_not_it(members: MemberStore) -> None:
    fill(members, person(1, "ب", "0212345678"), person(2, "پ", "102 12345678"), person(3, "ت", "0212345678"))
    assert found(members, "0212345678") == ["m1", "m3"]


def test_no_more_than_a_screen_is_found_and_always_the_same(members: MemberStore) -> None:
    fill(members, *(person(i, "علی کریمی", f"0912000{i % 10}777") for i in range(50)))
    for text in ("علی", "کریمی علی", "7777"):
        assert len(found(members, text)) <= MOST_FOUND == 20
    assert found(members, "علی") == [f"m{i}" for i in range(20)]
    assert found(members, "کریمی") == found(members, "علی کریمی") == found(members, "علی")


def test_a_name_of_one_word_many_times_is_one_answer(members: MemberStore) -> None:
    fill(members, person(1, "علی علی علی علیپور"), person(2, "علی"))
    assert found(members, "علی") == ["m2", "m1"]


@pytest.mark.parametrize(("query", "values"), [
    ("SELECT status FROM card WHERE hash = ?", (1,)),
    ("SELECT number FROM person p WHERE p.phone >= ? AND p.phone < ? ORDER BY p.phone, p.number", ("1", "2")),
    ("SELECT person FROM name WHERE start >= ? AND start < ? ORDER BY start, person", (b"1", b"2")),
    ("SELECT tier FROM member WHERE member_id = ?", (b"1",))])
def test_each_question_is_answered_by_an_index_and_never_sorted(members: MemberStore, query: str, values: tuple[object]) -> None:
    plan = " ".join(row[3] for row in members.database.rows(f"EXPLAIN QUERY PLAN {query}", values))
    assert "SEARCH" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_letter_is_a_byte_and_another_script_sorts_behind(tmp_path: Path) -> None:
    assert tmp_path.exists()
    persian = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
    for text in (persian, string.ascii_lowercase, string.digits):
        assert len(text_stored(text)) == len(text)
        assert list(text_stored(text)) == sorted(text_stored(text))
    assert text_stored("aЖ") == text_stored("a") + b"\xff" + "Ж".encode()
    low, high = texts_from("علی")
    for text in ("علی", "علیرضا", "علیЖ", "علی\U0010ffff"):
        assert low <= text_stored(text) < high
    for text in ("عل", "علن", "علی"[:-1] + "ه", "Ж"):
        assert not low <= text_stored(text) < high
    assert starts_stored("Ali  آلي") == [text_stored("aliالی"), text_stored("الیali")]


@settings(max_examples=60)
@given(
    people=st.lists(st.tuples(
        st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.sampled_from(("", "09121234567", "09361234567", "4567"))),
        max_size=12),
    typed=st.lists(st.sampled_from((*WORDS, "4567", "09121234567", "م", "محمدر")), max_size=3).map(" ".join))
def test_the_index_finds_exactly_what_the_rule_says(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str]], typed: str,
) -> None:
    members = MemberStore(tmp_path_factory.mktemp("book") / "m.db", KEY, CARD_KEY)
    fill(members, *(person(i, name, phone) for i, (name, phone) in enumerate(people)))
    asked = wanted(typed)
    assert sorted(found(members, typed)) == sorted(
        f"m{i}" for i, (name, phone) in enumerate(people) if asked.matches(name, phone))
    members.close()
