"""What was received of a station and not posted: told to it, and tried again when somebody there asks for it."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import answer, read, signed
from headoffice.api.pace import Pace
from headoffice.clock import now_us
from headoffice.intake.models import Code, Quarantine
from headoffice.projector.quarantine import replay
from headoffice.refusal import RefusalError, refuse
from headoffice.stations.models import Station
from station.put_aside import AsideCode
from sync.wire import ProblemCode
from sync.wire_aside import MOST_ASIDE, AsideEntry, AsideList, Retried, RetryAsked

RETRIES = Pace(20, 0.2)


@signed("GET")
def listed(request: HttpRequest, station: Station) -> HttpResponse:
    """Tell what stands aside."""
    del request
    rows = list(Quarantine.objects.filter(station=station.id).order_by("incarnation", "seq")[:MOST_ASIDE + 1])
    return answer(AsideList(more=len(rows) > MOST_ASIDE, entries=tuple(
        AsideEntry(incarnation=each.incarnation, seq=each.seq, code=AsideCode(each.code), reason=each.reason)
        for each in rows[:MOST_ASIDE])))


@signed("POST")
def retry(request: HttpRequest, station: Station) -> HttpResponse:
    """Post an entry after all, or say why it stays; what came after a revocation is for people here to judge."""
    RETRIES.spend(station.id)
    asked = read(request.body, RetryAsked)
    row = Quarantine.objects.filter(station=station.id, incarnation=asked.incarnation, seq=asked.seq).first()
    if row is None:
        refuse("this entry does not stand aside", 404)
    if row.code == Code.REVOKED:
        return answer(Retried(reason=row.reason))
    try:
        return answer(Retried(reason=replay(station.id, asked.incarnation, asked.seq, now_us())))
    except LookupError:
        refuse("this entry does not stand aside, or what is before it is not projected", 404)
    except RuntimeError as fault:
        raise RefusalError(503, ProblemCode.BUSY, str(fault)) from fault
