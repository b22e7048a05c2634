"""The signed list of issuing keys on a real file: proven whenever it is read."""

from collections.abc import Sequence

import pytest

from data.issuer_keys import IssuerKeyStore
from data.journal import JournalStore
from station.card_trust import IssuerKey
from station.errors import ErrorCode, StationError

FIRST, SECOND = IssuerKey(1, b"1" * 32, 5), IssuerKey(2, b"2" * 32, 6, 7, 8)
LISTS = {b"one": [FIRST], b"two": [FIRST, SECOND], b"twice": [FIRST, FIRST], b"none": []}


class Reader:
    """Takes lists signed by the head office it believes in, and counts them."""

    def __init__(self) -> None:
        self.believed = b"office"
        self.read = 0

    def verify(self, signature: bytes, message: bytes) -> bool:
        assert message in LISTS
        return signature == self.believed

    def __call__(self, document: bytes, signature: bytes) -> Sequence[IssuerKey]:
        self.read += 1
        if signature != self.believed:
            message = "the signature does not hold"
            raise ValueError(message)
        return LISTS[document]


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def store(journal: JournalStore, reader: Reader) -> IssuerKeyStore:
    return IssuerKeyStore(journal.database, reader)


def test_keys_come_change_and_are_read_once(store: IssuerKeyStore, reader: Reader) -> None:
    assert (store.version(reader), store.key(1)) == (0, None)
    store.install(3, b"one", b"office")
    assert (store.version(reader), store.key(1), store.key(2)) == (3, FIRST, None)
    store.install(4, b"two", b"office")
    assert (store.version(reader), store.key(1), store.key(2)) == (4, FIRST, SECOND)
    assert reader.read == 2


def test_another_connection_sees_the_new_list(store: IssuerKeyStore, journal: JournalStore, reader: Reader) -> None:
    store.install(3, b"one", b"office")
    assert store.key(2) is None
    IssuerKeyStore(journal.database, reader).install(4, b"two", b"office")
    assert store.key(2) == SECOND


def test_a_list_that_does_not_prove_to_be_head_offices_has_no_key_and_is_asked_for_again(
    store: IssuerKeyStore, reader: Reader,
) -> None:
    store.install(3, b"two", b"somebody")
    assert (store.version(reader), store.key(1), store.key(2)) == (0, None, None)
    assert reader.read == 1  # it is not read at every card
    store.install(3, b"two", b"office")  # the same list, signed by the key of today
    assert (store.version(reader), store.key(2)) == (3, SECOND)


def test_a_list_is_asked_for_again_once_head_office_signs_with_another_key(
    store: IssuerKeyStore, reader: Reader,
) -> None:
    store.install(3, b"two", b"office")
    assert store.key(2) == SECOND
    reader.believed = b"next"
    assert store.version(reader) == 0
    assert store.key(2) == SECOND  # it was proven when it was read
    store.install(3, b"two", b"next")
    assert (store.version(reader), store.key(2)) == (3, SECOND)


def test_a_list_with_two_keys_of_one_id_has_none(store: IssuerKeyStore) -> None:
    store.install(3, b"twice", b"office")
    assert store.key(1) is None


def test_an_empty_list_is_a_list(store: IssuerKeyStore, reader: Reader) -> None:
    store.install(3, b"none", b"office")
    assert (store.version(reader), store.key(1)) == (3, None)


def test_an_older_list_is_refused_even_over_one_that_proves_nothing(store: IssuerKeyStore) -> None:
    for signature in (b"office", b"somebody"):
        store.install(5, b"two", signature)
        with pytest.raises(StationError) as caught:
            store.install(4, b"one", b"office")
        assert (caught.value.code, caught.value.detail["held"]) == (ErrorCode.FEED_OLDER, 5)
