"""What stands beside the card in the member's pane: what was proven, whose card it is, the birthday, what is for this member."""

from collections.abc import Iterator
from dataclasses import replace

from station.basket import Basket
from station.conditions import facts_of, promotion_fault
from station.dates import day_number, parts_of
from station.errors import StationError
from station.member import Member, MemberSnapshot
from station.ports import MemberBook
from station.priced import RefusalCode
from station.step_up import ClaimMethod
from station.text import Text
from station.trust import is_stepped_up
from ui.format import Format
from ui.presenters.basket_view import Reckoned
from ui.text import Words
from ui.views import MemberView

_DAYS_BEFORE, _DAYS_AFTER = 7, 3
_ABOUT_PURCHASE = frozenset({RefusalCode.PAYMENT, RefusalCode.COUPON})


ANSWERS_KEY = "Shift+F4"
"""Shows the answers that wait for the member."""


def with_what_is_beside(view: MemberView, reckoned: Reckoned, answers: int, words: Words, style: Format) -> MemberView:
    """Return ``view`` with what the basket says of its member beside the card, first: there may not be room for all.

    ``answers`` of head office wait to be told: nothing else in the pane is waited for by the member.
    """
    basket, said = reckoned.basket, []
    if is_stepped_up(basket) and basket.step_up:
        by_pin = basket.step_up.method is ClaimMethod.PIN
        said.append(words("Proven by the PIN") if by_pin else words("Proven by a code"))
    if basket.spender:
        left = basket.spender.points_left
        said.append(words("Card of the family") if left is None else words(
            "Family: {points} points left today", points=style.number(left)))
    waits = (words("An answer waits: touch or {key}", key=ANSWERS_KEY) if answers == 1
             else words("{count} answers wait: touch or {key}", count=style.number(answers), key=ANSWERS_KEY))
    return replace(view, proof=" · ".join(filter(None, (*said, view.proof))), answers=answers > 0,
                   messages=(*((waits,) if answers else ()), *_messages(reckoned, words, style)))


def answers_now(book: MemberBook, member: Member) -> int:
    """Return how many answers wait for ``member``, less those that were shown since the member came."""
    try:
        now = book.member(member.member_id) if member.answers else None
    except StationError:
        now = member
    return len(now.answers) if now else 0


def _messages(reckoned: Reckoned, words: Words, style: Format) -> Iterator[str]:
    """Yield the birthday when it is near, how many coupons lie ready, then each offer that the rules made for this member among others."""
    member, day = reckoned.basket.member, reckoned.basket.opened.date
    if member is None:
        return
    birthday = _birthday(member, day, words, style)
    if birthday:
        yield birthday
    if reckoned.coupons:
        yield (words("1 coupon to use (F9)") if reckoned.coupons == 1 else
               words("{count} coupons to use (F9)", count=style.number(reckoned.coupons)))
    for name in _meant(reckoned, reckoned.basket):
        yield words("For this member: {name}", name=name.in_language(words.language))


def _birthday(member: MemberSnapshot, day: str, words: Words, style: Format) -> str:
    """Return how near the birthday is, "" when it is not within a week before or three days after it."""
    if member.birth is None:
        return ""
    year, today = parts_of(day, member.birth.calendar)[0], day_number(day)
    away = min((day_number(member.birth.in_year(near)) - today for near in (year - 1, year, year + 1)), key=abs)
    if away == 0:
        return words("Birthday today")
    if 0 < away <= _DAYS_BEFORE:
        return words("Birthday in 1 day") if away == 1 else words("Birthday in {days} days", days=style.number(away))
    if -_DAYS_AFTER <= away < 0:
        return words("Birthday 1 day ago") if away == -1 else words("Birthday {days} days ago", days=style.number(-away))
    return ""


def _meant(reckoned: Reckoned, basket: Basket) -> Iterator[Text]:
    """Yield the names of the promotions for chosen members or birthdays that this member may have today."""
    facts = facts_of(basket)
    for each in reckoned.pack.promotions:
        if each.when.segments or each.when.birthday:
            fault = promotion_fault(each, facts)
            if fault is None or fault.code in _ABOUT_PURCHASE:
                yield each.name
