"""Messages about phones that become cards. As ``sync.wire``; what the phone itself says is ``headoffice.phone``'s."""

from sync.wire import API, Count, Message, Name

LINK_PATH = f"{API}/phones/link"


class LinkAsked(Message, frozen=True, kw_only=True):
    """A station asks for a link by which one phone becomes a card of a member."""

    member_id: Name


class LinkMade(Message, frozen=True, kw_only=True):
    """The ``address`` to open on the phone; it works for one phone, until ``until_us`` (µs since 1970 UTC)."""

    address: str
    until_us: Count

    def __repr__(self) -> str:
        return "LinkMade(…)"
