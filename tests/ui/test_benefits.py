"""A member's own report without Qt: who may see it, what it comes to in words, and what is printed of whom."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from data.member_history import MemberHistory
from station.benefits import Benefits, Expiring, Given, PointsMove, Purchase
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from station.matter import AskKind, Matter, MatterState, Subject
from station.points import PointsKind
from station.span import Span
from station.step_up import ClaimMethod, StepUp
from tests.rigs.manager_days import PACK, ManagedShop, card
from ui.export.sheet import shown
from ui.format import Format, Unit
from ui.presenters.benefits import BenefitSources, BenefitsPresenter, shown_member
from ui.presenters.benefits_words import MOST_ON_PAPER, benefits_paper, describe_benefits, masked
from ui.qt.papers import Papers
from ui.text import Words
from ui.views_benefits import BenefitPart, BenefitsView
from ui.views_report import ReceiptView

DAY = "2026-11-22"  # 1 Azar 1405
EN, FA = (Words("en"), Format("en", Unit.RIAL)), (Words("fa"), Format("fa", Unit.RIAL))
NBSP, LRM = "\u00a0", "\u200e"
MONTH = Span("2026-11-01", DAY)


@dataclass
class Page:
    """Keeps what it is asked to show."""

    views: list[BenefitsView] = field(default_factory=list)

    def show_benefits(self, view: BenefitsView) -> None:
        self.views.append(view)


@dataclass
class Office:
    """Head office: what it tells, or its fault, and what it was asked."""

    fault: StationError | None = None
    asked: list[tuple[str, Span]] = field(default_factory=list)

    def of(self, member_id: str, span: Span) -> Benefits:
        self.asked.append((member_id, span))
        if self.fault:
            raise self.fault
        return Benefits(
            member_id, span, (Purchase(DAY, 600, "13-2-000004-A3F9", "13", 900_000, 100_000, -10),),
            (Given("gold-10", 1, 100_000),),
            (PointsMove(DAY, PointsKind.EARN, 90, "base"), PointsMove(DAY, PointsKind.REDEEM, -100, "points"),
             PointsMove(DAY, PointsKind.REVERSE, 20, ""), PointsMove(DAY, PointsKind.EXPIRE, -7, "")),
            (Expiring("2026-11-01", 3), Expiring("2026-12-20", 5)),
            (Matter(1_795_343_700_000_000, AskKind.QUESTION, Subject.POINTS, "چرا کم؟", MatterState.ANSWERED, "فردا می‌رسد.",
                    1_795_343_700_000_000), Matter(1_795_000_000_000_000, AskKind.OUT_OF_DATE, Subject.PRICES, "Old price")), 412, 1_795_343_700_000_000)


@dataclass
class Desk:
    """A shop with a member's purchases today, the presenter and its page."""

    shop: ManagedShop
    office: Office = field(default_factory=Office)
    online: bool = True
    page: Page = field(default_factory=Page)

    def __post_init__(self) -> None:
        self.sources = BenefitSources(
            MemberHistory(self.shop.journal.database), self.office, lambda: self.online, lambda: PACK)
        self.presenter = BenefitsPresenter(self.shop.counter, self.sources, self.shop.clock, self.page)

    def tap(self, number: int = 1) -> None:
        self.shop.counter.tap(Tap("reader", Medium.NFC_UID, card(number)))

    @property
    def view(self) -> BenefitsView:
        return self.page.views[-1]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    shop = ManagedShop(tmp_path)
    shop.found(DAY)
    shop.open(DAY)
    shop.sell(1, who=1, at=(11, 5))  # gold: 385 000 less 10 %
    shop.sell(2, who=2)
    yield Desk(shop)
    shop.journal.close()


def refusal(desk: Desk) -> ErrorCode:
    with pytest.raises(StationError) as found:
        desk.presenter.start(EN[1])
    return found.value.code


def test_it_is_shown_to_who_showed_the_card(desk: Desk) -> None:
    desk.tap()
    desk.presenter.start(EN[1])
    told = desk.view.told
    assert (told.member_id, told.span, told.bought, told.gained, told.as_of_us) == ("m1", MONTH, 346_500, 38_500, None)


def test_not_to_who_was_only_looked_up_nor_without_a_member(desk: Desk) -> None:
    assert refusal(desk) is ErrorCode.MEMBER_NOT_SHOWN
    desk.shop.counter.identify("m1")
    assert refusal(desk) is ErrorCode.MEMBER_NOT_SHOWN
    assert desk.page.views == []


def test_to_who_was_proven_without_the_card(desk: Desk) -> None:
    desk.shop.counter.prove(StepUp("claim", "m1", ClaimMethod.PIN, desk.shop.clock.now().utc_us + 1))
    assert shown_member(desk.shop.counter).member_id == "m1"


def test_in_persian_the_month_is_that_of_the_jalali_calendar(desk: Desk) -> None:
    desk.tap()
    desk.presenter.start(FA[1])
    assert desk.view.told.span == Span(DAY, DAY)


def test_head_office_tells_of_all_shops_and_goes_on_with_other_days(desk: Desk) -> None:
    desk.tap()
    desk.presenter.start(EN[1])
    desk.presenter.ask_office()
    assert (desk.view.told.balance, desk.office.asked) == (412, [("m1", MONTH)])
    november = Span("2026-11-01", "2026-11-30")
    desk.presenter.choose(november)
    assert (desk.view.told.balance, desk.office.asked[-1]) == (412, ("m1", november))
    desk.presenter.ask_here()
    assert (desk.view.told.balance, desk.view.told.span) == (None, november)


def test_offline_it_is_not_asked_and_a_fault_leaves_what_is_here(desk: Desk) -> None:
    desk.tap()
    desk.online = False
    desk.presenter.start(EN[1])
    desk.presenter.ask_office()
    assert (desk.office.asked, desk.view.can_ask) == ([], False)
    desk.online, desk.office.fault = True, StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    desk.presenter.start(EN[1])
    desk.presenter.ask_office()
    assert desk.view.told.bought == 346_500
    said = describe_benefits(desk.view, *EN).said
    assert said.startswith("Head office could not be asked: these are the figures of this station.")
    assert said.endswith("(E501)")


def test_what_is_left_behind_is_nothing(desk: Desk) -> None:
    desk.tap()
    desk.presenter.start(EN[1])
    desk.presenter.leave()
    desk.presenter.choose(MONTH)
    assert (desk.presenter.view, len(desk.page.views)) == (None, 1)


def office_view(desk: Desk) -> BenefitsView:
    desk.tap()
    desk.presenter.start(EN[1])
    desk.presenter.ask_office()
    return desk.view


def test_the_page_says_whose_figures_these_are(desk: Desk) -> None:
    view = office_view(desk)
    screen = describe_benefits(view, *EN)
    assert screen.source == "1 Nov 2026 to 22 Nov 2026. All shops, as head office has it: Sun 22 Nov 2026, 14:05."
    assert [(each.value, each.note) for each in screen.cards] == [
        ("900,000", "Purchases: 1"), ("100,000", "10% of the list price"), ("90", "Balance: 412"),
        ("100", "Given back: 20"), ("5", "from 20 Dec 2026 on")]
    desk.presenter.ask_here()
    here = describe_benefits(desk.view, *EN)
    assert here.source.endswith("This station only.")
    assert (here.cards[4].value, here.cards[4].note) == ("–", "known at head office")
    assert here.parts[BenefitPart.EXPIRING].nothing == "When points end is known at head office. Ask it while the line is up."


def test_every_part_has_its_rows(desk: Desk) -> None:
    parts = describe_benefits(office_view(desk), *EN).parts
    rows = {name: shown(part.sheet).rows for name, part in parts.items()}
    assert rows[BenefitPart.PURCHASES] == (
        ("2026-11-22", "10:00", "Bought in shop 13", f"{LRM}13-2-000004-A3F9{LRM}", "100,000", "\u221210", "900,000"),)
    assert rows[BenefitPart.DISCOUNTS] == (("Ten percent for gold", "1", "100,000"),)
    assert [(row[1], row[3]) for row in rows[BenefitPart.POINTS]] == [
        ("Earned", "90"), ("Spent", "\u2212100"), ("Given back", "20"), ("Ended unspent", "\u22127")]
    assert rows[BenefitPart.EXPIRING] == (("2026-12-20", "5"),)


def rows_of(paper: ReceiptView) -> str:
    return "\n".join(f"{row.label}|{row.value}" for row in (*paper.head, *paper.sums, paper.total, *paper.paid, *paper.member))


def test_on_paper_stand_the_first_name_and_the_end_of_the_phone(desk: Desk) -> None:
    view = office_view(desk)
    paper = benefits_paper(view, "Vanak", *EN)
    told = rows_of(paper)
    first, family = view.name.split(" ")
    assert (first in told, family in told) == (True, False)
    assert f"Phone|{LRM}*******0001{LRM}" in told
    assert view.phone not in told
    assert "Gained by discounts|100,000" in told
    assert "Points now|412" in told
    assert "5 points end after|20 Dec 2026" in told
    assert [(line.sum, line.amount) for line in paper.lines] == [
        ("Bought in shop 13, 100,000 off, points \u221210", "900,000")]


def test_a_long_report_says_what_is_not_printed(desk: Desk) -> None:
    view = office_view(desk)
    many = (*view.told.purchases * (MOST_ON_PAPER + 2),)
    paper = benefits_paper(replace(view, told=replace(view.told, purchases=many, more=True)), "Vanak", *FA)
    assert len(paper.lines) == MOST_ON_PAPER
    assert any("۲" in sentence for sentence in paper.footer)
    assert paper.rtl


@pytest.mark.parametrize(("phone", "told"), [("09121234567", "*******4567"), ("۰۹۱۲۰۰۰۰۰۰۱", "*******0001"), ("123456", "******"), ("", "")])
def test_a_phone_is_masked(phone: str, told: str) -> None:
    assert masked(phone, Format("en")).strip(LRM) == told


def test_strips_wait_for_the_printer_and_are_forgotten_once_the_next_is_drawn(desk: Desk) -> None:
    papers, strip = Papers(), benefits_paper(office_view(desk), "Vanak", *EN)
    first, second = papers.put(strip), papers.put(strip)
    assert (first, second) == (-1, -2)
    assert papers.view(first) is papers.view(first) is strip
    assert papers.view(second) is strip
    with pytest.raises(KeyError):
        papers.view(first)


def test_the_answers_that_wait_are_noted_once_they_were_on_the_screen(desk: Desk) -> None:
    noted: list[tuple[str, tuple[Matter, ...]]] = []
    sources = replace(desk.sources, office=Waiting(), shown=lambda member_id, matters: noted.append((member_id, matters)))
    presenter = BenefitsPresenter(desk.shop.counter, sources, desk.shop.clock, desk.page)
    presenter.matters_seen()
    desk.tap()
    presenter.start(EN[1])
    presenter.matters_seen()
    assert noted == []  # of its own journal the station knows none
    presenter.ask_office()
    presenter.matters_seen()
    presenter.matters_seen()
    assert [(member_id, [(each.ask_id, each.waits) for each in matters]) for member_id, matters in noted] == [
        ("m1", [("a2", True), ("a1", False)])]


def test_without_a_place_to_note_it_the_report_is_the_same(desk: Desk) -> None:
    presenter = BenefitsPresenter(desk.shop.counter, replace(desk.sources, office=Waiting()), desk.shop.clock, desk.page)
    desk.tap()
    presenter.start(EN[1])
    presenter.ask_office()
    presenter.matters_seen()
    assert desk.view.told.balance == 412


class Waiting(Office):
    """Head office that answered two questions, of which one was told already."""

    def of(self, member_id: str, span: Span) -> Benefits:
        told = super().of(member_id, span)
        old = replace(told.matters[0], ask_id="a1")  # type: ignore[index] # there are some
        return replace(told, matters=(replace(old, ask_id="a2", waits=True), old))
