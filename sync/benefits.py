"""Head office as the counter asks it what a member had of the club: briefly, for a report on the screen or on paper."""

from typing import Protocol

from station.benefits import Benefits, Expiring, Given, PointsMove, Purchase
from station.errors import ErrorCode, StationError
from station.matter import Matter
from station.span import Span
from sync.wire_benefits import HistoryAsked, MemberHistory


class HistoryClient(Protocol):
    """The part of head office that knows what members had."""

    def member_history(self, asked: HistoryAsked) -> MemberHistory | None:
        """Return what a member had, None for a member head office does not know."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class OnlineBenefits:
    """What members had in all shops; a fault of the line is told as it is."""

    def __init__(self, client: HistoryClient) -> None:
        """Ask ``client``, whose answers are awaited briefly."""
        self._client = client

    def of(self, member_id: str, span: Span) -> Benefits:
        """Return what ``member_id`` had in ``span``, as head office counts it. Raises ``StationError`` MEMBER_UNKNOWN or 5xx."""
        told = self._client.member_history(HistoryAsked(member_id=member_id, first=span.first, last=span.last))
        if told is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        if told.member_id != member_id:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="history")
        return Benefits(
            member_id, span,
            tuple(Purchase(each.day, each.minute, each.receipt, each.shop, each.total, each.discount, each.points, each.is_back)
                  for each in told.purchases),
            tuple(Given(each.rule, each.times, each.amount) for each in told.given),
            tuple(PointsMove(each.day, each.kind, each.points, each.rule) for each in told.moves),
            tuple(Expiring(each.last_day, each.points) for each in told.expiring),
            tuple(Matter(each.at_us, each.kind, each.subject, each.words, each.state, each.answer, each.answered_us,
                         each.ask_id, each.waits)
                  for each in told.matters),
            told.balance, told.as_of_us, told.more, told.untold)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
