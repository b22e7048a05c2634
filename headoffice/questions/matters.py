"""Matters that members raised at counters: taken up when their entry is posted, then answered and closed by people."""

from collections.abc import Collection, Iterator, Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from headoffice.feeds.versions import members_changed
from headoffice.intake.personal import document_of, forget
from headoffice.ledger.steps import Step
from headoffice.questions.models import Question
from headoffice.register.models import Consent, Telling
from station.asking import MOST_WORDS, read_words
from station.journal import Body, Entry
from station.matter import AnswerBy, AnswersTold, MatterState, MemberAsked
from station.told import Purpose

MOST_TOLD = 20
"""So many matters of one member are told at once: the latest."""

Place = tuple[str, str, int]
"""Station, incarnation and seq of the entry: the name of a matter."""


ANSWERS = "ANSWERS"
"""What an entry that answers were shown is called in ``register.models.Telling``."""

_WAITS = Q(answer_by=AnswerBy.COUNTER.value, told_us=None) & ~Q(answer="") & ~Q(words="") & ~Q(member="")


def post(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Take up what ``entries`` took down, and which answers were shown, unless it was before.

    Raises ``ValueError`` when the words that came are not those the entry committed to, or no words.
    """
    for entry in entries:
        if isinstance(entry.body, MemberAsked):
            _take_up(entry, entry.body)
        elif isinstance(entry.body, AnswersTold):
            _shown(cursor, entry, entry.body, step)


def _take_up(entry: Entry[Body], body: MemberAsked) -> None:
    place = {"station": entry.station, "incarnation": entry.incarnation, "seq": entry.seq}
    if Question.objects.filter(**place).exists():
        return
    document = document_of(entry)
    agreed = Consent.objects.filter(
        member=body.member_id, purpose=Purpose.SERVICE.value, channel=body.answer_by.value, withdrawn_us=None).exists()
    Question.objects.create(
        **place, ask_id=body.ask_id, kind=body.kind.value, subject=body.subject.value, member=body.member_id,
        answer_by=body.answer_by.value, agreed=agreed, heard_by=entry.actor.person, at_us=entry.at.utc_us,
        words="" if document is None else read_words(document))
    forget(entry)


def _shown(cursor: CursorWrapper, entry: Entry[Body], body: AnswersTold, step: Step) -> None:
    """Let the answers wait no longer; one that was answered anew meanwhile does."""
    place = {"station": entry.station, "incarnation": entry.incarnation, "seq": entry.seq}
    if Telling.objects.filter(**place).exists():
        return
    for each in body.answers:
        Question.objects.filter(
            member=body.member_id, ask_id=each.ask_id, answered_us=each.answered_us, told_us=None,
        ).update(told_us=entry.at.utc_us, told_by=entry.actor.person)
    Telling.objects.create(
        **place, what=ANSWERS, member=body.member_id, by=entry.actor.person, at_us=entry.at.utc_us, decided_us=step.at_us)
    members_changed(cursor, {body.member_id: ""})


def waiting(members: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the ids of what each of ``members`` asked and an answer waits for at the counter, of those who have any."""
    found: dict[str, tuple[str, ...]] = {}
    for member, ask_id in Question.objects.filter(_WAITS, member__in=members).order_by("at_us", "ask_id").values_list("member", "ask_id"):
        found[member] = (*found.get(member, ()), ask_id)
    return found


def listed(*, state: str = "", member: str = "", all_of_them: bool = False) -> Iterator[Question]:
    """Yield matters, the oldest first: those not closed, or of one ``state`` or ``member``, or all."""
    rows = Question.objects.order_by("at_us", "station", "seq")
    if state:
        rows = rows.filter(state=state)
    elif not all_of_them:
        rows = rows.exclude(state=MatterState.CLOSED.value)
    yield from rows.filter(member=member) if member else rows


def of_member(member: str) -> list[Question]:
    """Return the latest matters of ``member`` whose words are still here, the latest first, and after them all that wait."""
    rows = Question.objects.filter(member=member).exclude(words="").order_by("-at_us", "station", "seq")
    latest = list(rows[:MOST_TOLD])
    return [*latest, *(row for row in rows.filter(_WAITS) if row not in latest)]


def waits(row: Question) -> bool:
    """Return whether the answer of a matter waits to be told at the counter."""
    return row.answer_by == AnswerBy.COUNTER.value and bool(row.answer) and row.told_us is None


def answer(place: Place, words: str, by: str, now_us: int) -> None:
    """Answer a matter; an answer given before is replaced.

    Raises ``LookupError`` when there is none at ``place``, ``ValueError`` for an answer of no or too many characters.
    """
    if not 0 < len(words.strip()) <= MOST_WORDS or "\0" in words:
        message = f"an answer has from 1 to {MOST_WORDS} characters"
        raise ValueError(message)
    with transaction.atomic():
        row = _found(place)
        row.answer, row.answered_us, row.answered_by, row.state = words.strip(), now_us, by, MatterState.ANSWERED.value
        row.told_us, row.told_by = None, ""
        row.save()
        _feed(row)


def close(place: Place, now_us: int) -> None:
    """Close a matter, answered or not. Raises ``LookupError`` as ``answer``."""
    with transaction.atomic():
        row = _found(place)
        row.state, row.closed_us = MatterState.CLOSED.value, now_us
        row.save()


def erase(place: Place) -> None:
    """Erase what was said and answered; that there was a matter stays. Raises ``LookupError`` as ``answer``."""
    with transaction.atomic():
        row = _found(place)
        row.words = row.answer = ""
        row.save()
        _feed(row)


def _feed(row: Question) -> None:
    """Have every station told of the member whose answer waits, or does no more."""
    if row.answer_by == AnswerBy.COUNTER.value:
        with connection.cursor() as cursor:
            members_changed(cursor, {row.member: ""})


def _found(place: Place) -> Question:
    station, incarnation, seq = place
    row = Question.objects.select_for_update().filter(station=station, incarnation=incarnation, seq=seq).first()
    if row is None:
        message = "nothing was said there"
        raise LookupError(message)
    return row
