"""The admission rule's conditions in words, each with its figures. No Qt."""

from collections.abc import Sequence

from station.admission import AdmissionCode, Shortcoming
from station.people import Role
from ui.format import Format
from ui.text import Words, mark

_SENTENCES = {
    AdmissionCode.CLOSED: mark("The club takes no new members now."),
    AdmissionCode.PURCHASE: mark("This purchase comes to {have}; {need} are asked."),
    AdmissionCode.SPENT: mark("Earlier purchases of {need} are asked; {have} are known."),
    AdmissionCode.VISITS: mark("Earlier visits asked: {need}; known: {have}."),
    AdmissionCode.REFERRER: mark("A member has to invite them."),
    AdmissionCode.FEE: mark("A fee of {need} is asked; paid: {have}. Sell it first, then scan its receipt here."),
    AdmissionCode.APPROVAL: mark("A senior has to approve it."),
}
_BY_MANAGER = mark("The manager has to approve it.")


def shortcoming_words(
    missing: Sequence[Shortcoming], approved_by: Role | None, words: Words, style: Format,
) -> tuple[str, ...]:
    """Return a sentence for each of ``missing``; ``approved_by`` is the least role that may approve."""
    found = []
    for each in missing:
        figure = style.number if each.code is AdmissionCode.VISITS else style.money
        by_manager = each.code is AdmissionCode.APPROVAL and approved_by is Role.MANAGER
        sentence = _BY_MANAGER if by_manager else _SENTENCES[each.code]
        found.append(words(sentence, have=figure(each.have), need=figure(each.need)))
    return tuple(found)
