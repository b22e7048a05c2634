"""What a member had of the club, for the station at whose counter the member stands."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, query_of, signed
from headoffice.api.pace import Pace
from headoffice.clock import now_us
from headoffice.ledger.benefits import benefits
from headoffice.questions.matters import of_member, waits
from headoffice.refusal import refuse
from headoffice.register.models import Member
from headoffice.stations.models import Station
from station.matter import AskKind, MatterState, Subject
from station.span import Span
from sync.wire_benefits import (
    BoughtAnywhere,
    GivenByRule,
    HistoryAsked,
    MatterTold,
    MemberHistory,
    PointsEnding,
    PointsMoved,
)

HISTORIES = Pace(30, 0.5)
"""Nobody reads faster; a station in wrong hands must not carry the club away."""


@signed("GET")
def history(request: HttpRequest, station: Station) -> HttpResponse:
    """Tell it, as of now."""
    HISTORIES.spend(station.id)
    asked = query_of(request, HistoryAsked)
    try:
        span = Span(asked.first, asked.last)
    except ValueError as fault:
        refuse(str(fault))
    if not Member.objects.filter(id=asked.member_id, gone=False).exists():
        refuse("there is no such member", 404)
    moment = now_us()
    told = benefits(asked.member_id, span, moment)
    return answer(MemberHistory(
        member_id=asked.member_id, as_of_us=moment, balance=told.balance or 0,
        purchases=tuple(BoughtAnywhere(
            day=each.day, minute=each.minute or 0, receipt=each.receipt, shop=each.shop, total=each.total,
            discount=each.discount, points=each.points, is_back=each.is_back) for each in told.purchases),
        given=tuple(GivenByRule(rule=each.rule, times=each.times, amount=each.amount) for each in told.given),
        moves=tuple(PointsMoved(day=each.day, kind=each.kind, points=each.points, rule=each.rule) for each in told.moves),
        expiring=tuple(PointsEnding(last_day=each.last_day, points=each.points) for each in told.expiring or ()),
        matters=tuple(MatterTold(
            at_us=each.at_us, kind=AskKind(each.kind), subject=Subject(each.subject), words=each.words,
            state=MatterState(each.state), answer=each.answer, answered_us=each.answered_us,
            ask_id=each.ask_id, waits=waits(each))
            for each in of_member(asked.member_id)),
        more=told.more, untold=told.untold))
