"""What stations may ask in the query of an address; the rest of the messages is in ``sync.wire`` and its kin."""

from sync.wire import Count, HexHash, Incarnation, Message


class CaQuery(Message, frozen=True, kw_only=True):
    """The query for the authority: a code's public name."""

    code: str


class HashQuery(Message, frozen=True, kw_only=True):
    """The query for the hash of an entry."""

    incarnation: Incarnation
    seq: Count


class MembersQuery(Message, frozen=True, kw_only=True):
    """The query of the member feed."""

    incarnation: Incarnation
    cursor: str = ""


class FeedQuery(Message, frozen=True, kw_only=True):
    """The query of the other feeds."""

    cursor: str = ""


class PackQuery(Message, frozen=True, kw_only=True):
    """The query for the next rule pack: the number held."""

    after: Count = 0


class IssuersQuery(Message, frozen=True, kw_only=True):
    """The query for the issuing keys: the version of the list held."""

    after: Count = 0


class BookQuery(Message, frozen=True, kw_only=True):
    """The query for a member book."""

    incarnation: Incarnation


class ChunkQuery(Message, frozen=True, kw_only=True):
    """The query for a piece of one."""

    digest: HexHash
    number: Count
