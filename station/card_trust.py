"""What a station holds to judge cards with: head office's issuing keys and the next answers of chips. No secret."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station.ports import Verifier
from station.sun import ANSWER_BYTES


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A raw Ed25519 key that signs records and grants, as head office publishes it.

    What it signed counts from ``from_us`` on and before ``until_us`` (µs since 1970 UTC; None: no end),
    and not at all once it is withdrawn.
    """

    key_id: int
    public: bytes
    from_us: int
    until_us: int | None = None
    withdrawn_us: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What is known of a chip's codes: the highest ``counter`` used, and 8 bytes for each one from ``first`` on."""

    counter: int
    first: int
    answers: bytes = field(repr=False)

    def answer(self, counter: int) -> bytes | None:
        """Return the answer of the code with this counter, None outside the window."""
        at = (counter - self.first) * ANSWER_BYTES
        return self.answers[at:at + ANSWER_BYTES] if 0 <= at < len(self.answers) else None


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """Windows of cards by their look-up hash; ``gone`` are cards to forget. ``version`` is where head office stood."""

    cursor: str
    version: int
    changed: tuple[tuple[int, Window], ...]
    gone: tuple[int, ...]


class IssuerKeys(Protocol):
    """Head office's issuing keys, from a list that it signed."""

    def key(self, key_id: int) -> IssuerKey | None:
        """Return the key with this id, or None."""
        ...


class IssuerKeyReplica(Protocol):
    """The same as the downlink sees it."""

    def version(self, verifier: Verifier) -> int:
        """Return the version of the list held, 0 when there is none that ``verifier``, head office's of today, proves."""
        ...

    def install(self, version: int, document: bytes, signature: bytes) -> None:
        """Keep the list ``document``, whose ``signature`` was checked.

        Raises ``StationError`` FEED_OLDER when its version is below one that was held.
        """
        ...


class TapAnswers(Protocol):
    """What chips will answer next, and which codes were taken here; cards by their look-up hash.

    The journal raises a chip's counter, and remembers a phone's code, with the CARD_SEEN entry it writes.
    """

    def window(self, card: int) -> Window | None:
        """Return what is known of a chip's codes, or None."""
        ...

    def was_taken(self, card: int, moment: int, mark: str) -> bool:
        """Return whether this very code of a phone was taken here before."""
        ...


class AnswersReplica(Protocol):
    """The windows as the feed sees them."""

    def cursor(self) -> str:
        """Return where the feed stands; "" at the beginning."""
        ...

    def apply(self, page: AnswersPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER.

        A counter that is higher here stays.
        """
        ...


def keys_by_id(keys: Sequence[IssuerKey]) -> dict[int, IssuerKey]:
    """Return ``keys`` by their ids. Raises ``ValueError`` when two have the same."""
    by_id = {key.key_id: key for key in keys}
    if len(by_id) < len(keys):
        message = "two issuing keys have one id"
        raise ValueError(message)
    return by_id
