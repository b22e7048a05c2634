"""A station's two files in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.members import MemberStore
from tests.fakes import NOON

KEY = bytes(range(32))
CARD_KEY = bytes(reversed(range(32)))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalStore]:
    store = JournalStore(tmp_path / "journal.db", KEY)
    store.found("12-1", "test", NOON)
    yield store
    store.close()


@pytest.fixture
def members(tmp_path: Path) -> Iterator[MemberStore]:
    store = MemberStore(tmp_path / "members.db", KEY, CARD_KEY)
    yield store
    store.close()
