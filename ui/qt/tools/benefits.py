"""The member's own report: what membership brought, on a page of its own and on a strip of paper."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.format import Format
from ui.late import LateBenefits
from ui.presenters.beside import ANSWERS_KEY
from ui.qt.tokens import Theme
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import Words, mark

if TYPE_CHECKING:
    from station.matter import Matter
    from ui.presenters.benefits import BenefitsPresenter
    from ui.qt.benefits_page import BenefitsPane
    from ui.qt.toolbox import Parts
    from ui.views_benefits import BenefitPart


class BenefitsTool(Quiet):
    """Opens the page for the member of the basket in hand."""

    def __init__(self, parts: "Parts", till: Till) -> None:
        """Nothing is made before it is opened; head office is asked over a line of its own, made when it is first asked."""
        self._parts, self._till = parts, till
        self._page: BenefitsPane | None = None
        self._desk: BenefitsPresenter | None = None
        till.checkout.read_answers = lambda: till.attempt(self.open_answers)

    def entries(self) -> Sequence[Entry]:
        """Return the one thing it does."""
        counter = self._parts.counter
        return (Entry(mark("The member's own report"), self.open, Section.MEMBER, ready=lambda: counter.member is not None),
                Entry(mark("Answer for the member"), self.open_answers, Section.MEMBER, ANSWERS_KEY, in_menu=False,
                      ready=lambda: counter.member is not None and bool(counter.member.answers)))

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, also on the open page."""
        super().set_words(words, style, theme)
        if self._page:
            self._page.set_theme(theme)
            self._page.set_words(words, style)

    def open(self) -> None:
        """Show the page. Raises ``StationError`` MEMBER_NOT_SHOWN, or 4xx when the journal cannot be read."""
        from ui.views_benefits import BenefitPart

        self._open(BenefitPart.PURCHASES)

    def open_answers(self) -> None:
        """Show what the member asked and was answered. Raises ``StationError`` as ``open``."""
        from ui.views_benefits import BenefitPart

        self._open(BenefitPart.MATTERS)

    def _open(self, part: "BenefitPart") -> None:
        page = self._page or self._make()
        page.start(part)
        self._till.open_page(page)

    def _make(self) -> "BenefitsPane":
        from data.member_history import MemberHistory
        from ui.presenters.benefits import BenefitSources, BenefitsPresenter
        from ui.presenters.reasons import rules_now
        from ui.qt.benefits_page import BenefitsPane

        parts, made = self._parts, BenefitsPane(self.words, self.style, self.theme, self._till.parent)
        office = LateBenefits(parts.home, parts.paired) if parts.home else None
        if office:
            made.destroyed.connect(office.close)
        self._desk = BenefitsPresenter(
            parts.counter, BenefitSources(
                MemberHistory(parts.memory.journal.database), office, parts.online,
                lambda: rules_now(parts.memory.packs, parts.world.clock.now().utc_us),
                lambda member_id, matters: self._till.attempt(lambda: self.shown(member_id, matters))),
            parts.world.clock, made)
        made.connect_to(self._desk)
        made.left.connect(self._till.leave)
        made.printed.connect(lambda: self._till.attempt(self._print))
        self._till.fields(made)
        self._page = made
        return made

    def shown(self, member_id: str, matters: "tuple[Matter, ...]") -> None:
        """Let the answers wait no longer, durably. Raises ``StationError`` 4xx."""
        from station.asking import AskDesk

        parts, world = self._parts, self._parts.world
        AskDesk(world.clock, world.random, world.journal).answers_shown(member_id, matters, parts.at_till.actor)
        parts.wake()
        self._till.checkout.show()

    def _print(self) -> None:
        from ui.presenters.benefits_words import benefits_paper

        view = self._desk.view if self._desk else None
        if view and self._page:
            shop = self._parts.paired.enrolment.shop_name.in_language(self.words.language)
            number = self._parts.papers.put(benefits_paper(view, shop, self.words, self.style))
            self._parts.printer().reprint(number)
            self._page.tell(self.words("The report is on its way to the printer."))
