"""Holding the basket for later, and the list of those that wait. No Qt."""

from dataclasses import dataclass

from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.parked import Parked, Parking
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.text import Words
from ui.views import BannerView, Tone


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """One basket that waits: since when, whose it is, how many items, what it comes to."""

    parked_id: str
    time: str
    who: str
    items: str
    total: str


@dataclass(frozen=True, slots=True)
class HoldingView:
    """The list, oldest first; ``problem`` says why none can be recalled now, or is ""."""

    rows: tuple[ParkedRow, ...]
    problem: str


class Holding:
    """Lives on the screen's thread. No action raises ``StationError``: refusals become the banner."""

    def __init__(self, checkout: Checkout, desk: Desk, parking: Parking) -> None:
        """Work on the basket of ``desk``; ``speak`` comes before anything else."""
        self._checkout = checkout
        self._desk = desk
        self._parking = parking
        self._words, self._style = Words("en"), Format("en")

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def hold(self) -> None:
        """Put the open basket aside; for 8 seconds it can be had back as it was."""
        self._checkout.do(self._hold)

    def recall(self, parked_id: str) -> None:
        """Open a basket that waits."""
        self._checkout.do(lambda: self._recall(parked_id))

    def view(self) -> HoldingView | None:
        """Return the list as it is now, None when no basket waits. Raises ``StationError`` 4xx."""
        waiting = self._parking.waiting()
        basket = self._desk.counter.basket
        problem = (self._words.error(StationError(ErrorCode.BASKET_IN_THE_WAY)) if basket and basket.lines else "")
        style = self._style.fitting(each.total for each in waiting)
        return HoldingView(tuple(self._row(each, style) for each in waiting), problem) if waiting else None

    def nothing(self) -> None:
        """Say that no basket waits."""
        self._checkout.say(BannerView(Tone.NEUTRAL, self._words("No basket is waiting.")))

    def _hold(self) -> None:
        before, owed = self._desk.counter.in_hand, self._checkout.paying.with_what_is_owed("")
        parked = self._parking.hold(self._desk.at_till.actor)
        if before:
            self._checkout.can_undo(lambda: self._parking.take_back(parked, before))
        held = self._words("The basket is held: {total}.", total=self._style.money(parked.total))
        self._checkout.say(BannerView(Tone.WARN if owed else Tone.NEUTRAL, f"{held}{owed}", undo=True))

    def _recall(self, parked_id: str) -> None:
        found, words = self._parking.recall(parked_id), self._words
        self._checkout.say(BannerView(Tone.NEUTRAL, (
            words("The held basket is open again, on today's rules. What was given by hand is gone.") if found.reopened
            else words("The held basket is open again."))))

    def _row(self, parked: Parked, style: Format) -> ParkedRow:
        words = self._words
        basket = parked.held.basket
        member = self._desk.members.member(basket.member.member_id) if basket.member else None
        who = (member.name or words("Member without a name")) if member else words("Without a member")
        return ParkedRow(
            parked.parked_id, self._time(parked.at), who,
            words("Items: {count}", count=style.number(len(basket.lines))), style.money(parked.total))

    def _time(self, at: Moment) -> str:
        """Return the time of today, and the day where it was another."""
        style = self._style
        return style.time(at.minute_of_day) if at.date == self._desk.clock.now().date else style.date_time(at)
