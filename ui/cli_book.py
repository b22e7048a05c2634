"""What ``stationctl doctor`` says of the member book."""

from collections.abc import Iterator

from data.member_file import PREFIX
from data.no_members import NoMembers
from sync.state import BookState
from ui.clock import SystemClock
from ui.format import Format
from ui.presenters.member_book import book_line
from ui.text import Words
from ui.wiring import Home, Memory

_MEGABYTE = 1_000_000


def book_lines(home: Home, memory: Memory, words: Words, style: Format) -> Iterator[str]:
    """Yield how many members are here, as of when, in which version; and how much of a new book has come down.

    How much is missing only head office knows, and the program that takes the book down.
    """
    members = memory.members
    if isinstance(members, NoMembers):
        yield style.number(members.count())
        return
    yield book_line(BookState(members.count(), members.stamp()), SystemClock().now().offset, words, style)
    for part in home.folder.glob(f"{PREFIX}*.part"):
        yield words("A new member book is coming down: {size} MB are here.",
                    size=style.number(part.stat().st_size // _MEGABYTE))
