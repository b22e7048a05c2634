"""Lists of cards to be given: what is wrong with one is named with its line, and no number is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.reading import DEMO_CLUB
from station.card import Card, CardStatus
from tests.fakes import MemoryMembers
from tests.fakes import member as person
from tests.rigs.serial_hand import member
from ui.bulk_list import ListError, Row, read_list

BOOK = MemoryMembers(
    {member(90): Card("m1", CardStatus.ACTIVE)}, {f"m{i}": person(i) for i in range(1, 4)})


def problems(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(ListError) as caught:
        read_list(text.encode() if isinstance(text, str) else text, DEMO_CLUB, BOOK)
    return caught.value.problems


def test_members_by_id_in_any_order_of_columns() -> None:
    content = f"holder,member_id,number\r\n,m1,{member(1)}\r\nh7, m2 ,{member(2)}\r\n\r\n".encode("utf-8-sig")
    assert read_list(content, DEMO_CLUB, BOOK) == (
        Row(2, member(1), "m1"), Row(3, member(2), "m2", "h7"))


def test_members_by_the_number_of_a_card_or_by_phone() -> None:
    content = f"number,member\n{member(1)},{member(90)}\n{member(2)},09120000002\n"
    assert [row.member_id for row in read_list(content.encode(), DEMO_CLUB, BOOK)] == ["m1", "m2"]


def test_a_row_over_several_lines_is_named_by_its_first() -> None:
    content = f'number,member_id,holder\n{member(1)},m1,"a\nb"\n{member(2)},m9,\n'
    assert problems(content) == ("line 4: no member has this id",)


@pytest.mark.parametrize(("text", "expected"), [
    ("", "line 1: expected number and one of member_id and member"),
    ("number\n", "line 1: expected number and one of member_id and member"),
    ("number,member,member_id\n", "line 1: expected number and one of member_id and member"),
    ("number,member_id,number\n", "line 1: a column is there twice"),
    ("number,name\n", "line 1: no column is called 'name'"),
    ("number,member_id\n", "line 2: the list is empty"),
    ('number,member_id\n"abc', "line 2: unexpected end of data"),
])
def test_a_list_that_is_none(text: str, expected: str) -> None:
    assert problems(text) == (expected,)


def test_bytes_that_are_no_text() -> None:
    assert problems(b"number,member_id\n1,m1\n\xff,m2\n") == ("line 3: not UTF-8",)


def test_all_that_is_wrong_is_named_at_once_and_no_number_told() -> None:
    text = "\n".join([
        "number,member_id", f"{member(1)},m1", "93640,m1", f"{member(2)},m9", f"{member(1)},m2",
        f"{member(3)}", f"{member(3)},", f"{member(4)},m1,x"])
    found = problems(text)
    assert found == (
        "line 3: this is no card number of the club", "line 4: no member has this id",
        "line 5: the same card number as in line 2", "line 6: 1 columns, expected 2",
        "line 7: no member has this id", "line 8: 3 columns, expected 2")
    assert "9364" not in " ".join(found)


def test_numbers_that_no_member_has() -> None:
    assert problems(f"number,member\n{member(1)},0912\n{member(2)},\n") == (
        "line 2: no member has this number", "line 3: no member has this number")


def test_only_the_first_problems_are_told() -> None:
    assert len(problems("number,member_id\n" + "x,y\n" * 50)) == 20


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='number,_id\n"9364m1', max_size=80).map(str.encode)))
def test_whatever_it_is_it_is_a_list_or_refused(content: bytes) -> None:
    found: tuple[str, ...] = ()
    try:
        rows = read_list(content, DEMO_CLUB, BOOK)
    except ListError as error:
        rows, found = (), error.problems
    assert bool(rows) != bool(found)
    assert all(each.startswith("line ") for each in found)
