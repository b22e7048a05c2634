"""Head office as the counter asks it for a link by which a phone becomes a card."""

from typing import Protocol

from station.errors import ErrorCode, StationError
from sync.wire_phones import LinkAsked, LinkMade


class PhoneClient(Protocol):
    """The part of head office that makes links."""

    def phone_link(self, asked: LinkAsked) -> LinkMade | None:
        """Return a link, None for a member head office does not know."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class PhoneLinks:
    """Links, each for one phone; answers are awaited briefly."""

    def __init__(self, client: PhoneClient) -> None:
        """Ask ``client``."""
        self._client = client

    def link(self, member_id: str) -> LinkMade:
        """Return a link for a member. Raises ``StationError`` MEMBER_UNKNOWN or 5xx."""
        made = self._client.phone_link(LinkAsked(member_id=member_id))
        if made is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        return made

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
