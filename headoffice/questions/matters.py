"""Matters that members raised at counters: taken up when their entry is posted, then answered and closed by people."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from headoffice.intake.personal import document_of, forget
from headoffice.ledger.steps import Step
from headoffice.questions.models import Question
from headoffice.register.models import Consent
from station.asking import MOST_WORDS, read_words
from station.journal import Body, Entry
from station.matter import MatterState, MemberAsked
from station.told import Purpose

MOST_TOLD = 20
"""So many matters of one member are told at once: the latest."""

Place = tuple[str, str, int]
"""Station, incarnation and seq of the entry: the name of a matter."""


def post(_cursor: CursorWrapper, entries: Sequence[Entry[Body]], _step: Step) -> None:
    """Take up what ``entries`` took down, unless it was before.

    Raises ``ValueError`` when the words that came are not those the entry committed to, or no words.
    """
    for entry in entries:
        if isinstance(entry.body, MemberAsked):
            _take_up(entry, entry.body)


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


def listed(*, state: str = "", member: str = "", all_of_them: bool = False) -> Iterator[Question]:
    """Yield matters, the oldest first: those not closed, or of one ``state`` or ``member``, or all."""
    rows = Question.objects.order_by("at_us", "station", "seq")
    if state:
        rows = rows.filter(state=state)
    elif not all_of_them:
        rows = rows.exclude(state=MatterState.CLOSED.value)
    yield from rows.filter(member=member) if member else rows


def of_member(member: str) -> list[Question]:
    """Return the latest matters of ``member`` whose words are still here, the latest first."""
    return list(Question.objects.filter(member=member).exclude(words="").order_by("-at_us", "station", "seq")[:MOST_TOLD])


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
        row.save()


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


def _found(place: Place) -> Question:
    station, incarnation, seq = place
    row = Question.objects.select_for_update().filter(station=station, incarnation=incarnation, seq=seq).first()
    if row is None:
        message = "nothing was said there"
        raise LookupError(message)
    return row
