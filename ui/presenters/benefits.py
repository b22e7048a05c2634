"""A member's own report at the counter: what was bought, what it gained, what became of the points. No Qt.

It is shown and printed only for the member whose card was shown for the basket in hand, or who was
proven without one: whoever types a name or a phone is told nothing of what somebody bought.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from station.benefits import Benefits
from station.clock import Clock
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.matter import Matter
from station.member import Member
from station.pack import Pack
from station.span import Preset, Span, preset
from ui.export.sheet import calendar_of
from ui.format import Format
from ui.views_benefits import BenefitsView


class Teller(Protocol):
    """Who knows what a member had (``data.member_history``, ``sync.benefits``)."""

    def of(self, member_id: str, span: Span) -> Benefits:
        """Return it for ``span``. Raises ``StationError``."""
        ...


@dataclass(frozen=True, slots=True)
class BenefitSources:
    """Whom the page asks: this station's journal, and head office (None: there is no line) while it is ``online``.

    ``shown`` is told of a member's matters once the answers that wait among them are on the screen.
    """

    here: Teller
    office: Teller | None
    online: Callable[[], bool]
    pack: Callable[[], Pack | None]
    shown: Callable[[str, tuple[Matter, ...]], None] = lambda _member_id, _matters: None


class BenefitsPage(Protocol):
    """The page the presenter speaks to."""

    def show_benefits(self, view: BenefitsView) -> None:
        """Show ``view``."""
        ...


def shown_member(counter: Counter) -> Member:
    """Return the member of the basket in hand who is known to stand there.

    Raises ``StationError`` MEMBER_NOT_SHOWN when there is none, or one that was only looked up.
    """
    member, basket = counter.member, counter.basket
    if member and basket and (counter.shown.tier is not None or (
            basket.step_up is not None and basket.step_up.member_id == member.member_id)):
        return member
    raise StationError(ErrorCode.MEMBER_NOT_SHOWN)


class BenefitsPresenter:
    """Reads what the page asks for. Lives on the screen's thread; no action raises ``StationError`` but ``start``."""

    def __init__(self, counter: Counter, sources: BenefitSources, clock: Clock, page: BenefitsPage) -> None:
        """Tell about the member of ``counter``'s basket."""
        self._counter = counter
        self._from = sources
        self._clock = clock
        self._page = page
        self._view: BenefitsView | None = None
        self._member: Member | None = None

    @property
    def view(self) -> BenefitsView | None:
        """What is shown."""
        return self._view

    def start(self, style: Format) -> None:
        """Show this month, as this station knows it. Raises ``StationError`` MEMBER_NOT_SHOWN or 4xx."""
        self._member = shown_member(self._counter)
        self._show(preset(Preset.THIS_MONTH, self._clock.now().date, calendar_of(style)))

    def choose(self, span: Span) -> None:
        """Show ``span``, from whom the last one was told."""
        asked = self._view is not None and self._view.told.as_of_us is not None
        self._do(lambda: self._show(span))
        if asked:
            self.ask_office()

    def ask_office(self) -> None:
        """Ask head office for all shops; while it does not answer, this station's figures stay."""
        view, office = self._view, self._from.office
        if view is None or office is None or not view.can_ask:
            return
        self._do(lambda: self._put(replace(
            view, told=office.of(view.told.member_id, view.told.span), now=self._clock.now(), fault=None)))

    def ask_here(self) -> None:
        """Go back to what this station knows."""
        view = self._view
        if view:
            self._do(lambda: self._show(view.told.span))

    def matters_seen(self) -> None:
        """Note, once, that the answers which wait were on the screen."""
        view = self._view
        matters = (view.told.matters or ()) if view else ()
        if view and any(each.waits for each in matters):
            self._view = replace(view, told=replace(view.told, matters=tuple(replace(each, waits=False) for each in matters)))
            self._from.shown(view.told.member_id, matters)

    def leave(self) -> None:
        """Forget who it was about."""
        self._view = self._member = None

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StationError as fault:
            if self._view:
                self._put(replace(self._view, fault=fault))

    def _show(self, span: Span) -> None:
        member = self._member
        if member is None:
            return
        told = self._from.here.of(member.member_id, span)
        self._put(BenefitsView(
            told, member.name, member.phone, self._clock.now(), self._from.pack(),
            self._from.office is not None and self._from.online()))

    def _put(self, view: BenefitsView) -> None:
        self._view = view
        self._page.show_benefits(view)
