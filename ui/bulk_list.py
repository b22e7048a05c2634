"""The list of a bulk issue: a CSV file, read strictly; whatever is wrong is named with its line."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from drivers.club_profile import ClubProfile
from station.card import Card
from station.member import Member

NUMBER, MEMBER_ID, MEMBER, HOLDER = "number", "member_id", "member", "holder"
MOST_ROWS = 100_000
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A card to be given: the ``line`` of the file (from 1), its number, whose it is to be."""

    line: int
    number: str = field(repr=False)
    member_id: str
    holder: str = ""


class Book(Protocol):
    """Who members are."""

    def card(self, number: str) -> Card | None:
        """Return the card with this number."""
        ...

    def member(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        ...

    def search(self, text: str) -> Sequence[Member]:
        """Return the members that ``text`` may mean."""
        ...


class ListError(ValueError):
    """The list cannot be used; ``problems`` say why, each with its line. No card number is in them."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep the first of the ``problems``."""
        self.problems = tuple(problems[:_MOST_PROBLEMS])
        super().__init__("; ".join(self.problems))


def read_list(content: bytes, club: ClubProfile, book: Book) -> tuple[Row, ...]:
    """Return the rows of ``content``: UTF-8, comma-separated, with a header line.

    Columns, in any order: ``number``; ``member_id``, or ``member``: the number of a card, or the phone,
    of the member; and, if wanted, ``holder``, a person of the account. Raises ``ListError``.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ListError([f"line {line}: not UTF-8"]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[str] = []
    try:
        header = [each.strip() for each in next(reader, [])]
        _check_header(header)
        rows = tuple(_rows(reader, lambda: reader.line_num, header, _Reading(club, book, problems)))
    except csv.Error as error:
        raise ListError([*problems, f"line {reader.line_num}: {error}"]) from None
    if problems:
        raise ListError(problems)
    if not rows:
        raise ListError(["line 2: the list is empty"])
    return rows


def _check_header(header: Sequence[str]) -> None:
    unknown = [each for each in header if each not in {NUMBER, MEMBER_ID, MEMBER, HOLDER}]
    if unknown:
        raise ListError([f"line 1: no column is called {unknown[0]!r}"])
    if len(set(header)) < len(header):
        raise ListError(["line 1: a column is there twice"])
    if NUMBER not in header or (MEMBER_ID in header) == (MEMBER in header):
        raise ListError([f"line 1: expected {NUMBER} and one of {MEMBER_ID} and {MEMBER}"])


@dataclass(slots=True)
class _Reading:
    club: ClubProfile
    book: Book
    problems: list[str]
    lines: dict[str, int] = field(default_factory=dict, repr=False)


def _rows(
    cells_of: Iterable[Sequence[str]], line_num: Callable[[], int], header: Sequence[str], reading: _Reading,
) -> Iterator[Row]:
    """Yield the rows that are well; of the others note what is wrong."""
    before = line_num()
    for cells in cells_of:
        line, before = before + 1, line_num()
        if not any(cells):
            continue
        try:
            yield _row(line, cells, header, reading)
        except ValueError as error:
            reading.problems.append(f"line {line}: {error}")
        if len(reading.lines) > MOST_ROWS:
            raise ListError([f"line {line}: more than {MOST_ROWS} cards"])


def _row(line: int, cells: Sequence[str], header: Sequence[str], reading: _Reading) -> Row:
    if len(cells) != len(header):
        message = f"{len(cells)} columns, expected {len(header)}"
        raise ValueError(message)
    named = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    number = named[NUMBER]
    if not number.isascii() or not reading.club.accepts(number.encode()):
        message = "this is no card number of the club"
        raise ValueError(message)
    if reading.lines.setdefault(number, line) != line:
        message = f"the same card number as in line {reading.lines[number]}"
        raise ValueError(message)
    find: Callable[[str, Book], str] = _by_id if MEMBER_ID in named else _by_number
    return Row(line, number, find(named.get(MEMBER_ID, named.get(MEMBER, "")), reading.book), named.get(HOLDER, ""))


def _by_id(member_id: str, book: Book) -> str:
    if not member_id or book.member(member_id) is None:
        message = "no member has this id"
        raise ValueError(message)
    return member_id


def _by_number(number: str, book: Book) -> str:
    """Return the member with the card ``number``, or with that phone."""
    card = book.card(number) if number else None
    if card is not None:
        return card.member_id
    found = [each for each in book.search(number) if each.phone == number] if number else []
    if len(found) != 1:
        message = "no member has this number" if not found else "more than one member has this number"
        raise ValueError(message)
    return found[0].member_id
