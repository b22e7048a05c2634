"""What a member tells after the enrolment, without a window: what is known, what is typed, what is refused, what comes of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.derived import decode
from station.approval import OperationKind
from station.bonus import Birth
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Actor, Role
from station.tell_desk import TellDesk
from station.telling import Beside, MemberTold, read_beside
from station.text import Text
from station.told import MOST_CODES, Channel, Consent, Purpose, Told
from tests.fakes import CASHIER, NOON, member
from tests.ui.enrolling import EnrolShop
from tests.ui.test_checkout import Screen
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.telling import TellForm, Telling, TellView
from ui.text import Words

SENIOR = Actor("mina", Role.SENIOR)
SMS, OFFERS, MAIL = (Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.SMS), (Purpose.SERVICE, Channel.EMAIL)
MEHR = Birth(Calendar.JALALI, 7, 15)
KNOWN = Told(("tea", "silk"), "12", (SMS, OFFERS))
"""Of silk the rules say nothing any more."""


class Page(EnrolShop):
    """A shop whose member 1 has told things and member 2 nothing, and what the dialog was told."""

    def __init__(self, folder: Path, language: str = "fa") -> None:
        super().__init__(folder)
        here = Position(self.journal.head().incarnation, self.journal.head().seq)
        self.members.apply(MemberPage("d", here, (
            MemberRecord(replace(member(1), told=KNOWN, birth=MEHR), ()),), (), Stamp(2, 2), last=True))
        words, style = Words(language), Format(language)
        self.screen = Screen()
        self.checkout = Checkout(self.desk, words, style, self.screen)
        self.views: list[TellView | None] = []
        self.page = Telling(TellDesk(self.world, self.book), self.desk, self.checkout, self.approved, self)
        self.page.speak(words, style)

    def show_told(self, view: TellView | None) -> None:
        self.views.append(view)

    def begin(self, member_id: str = "m1") -> TellForm:
        self.counter.identify(member_id)
        return self.page.begin()

    @property
    def view(self) -> TellView:
        """What is shown; the dialog is open."""
        assert self.views[-1] is not None
        return self.views[-1]

    def told(self) -> list[tuple[MemberTold, Beside]]:
        """What was taken down, with what is kept beside the chain."""
        entries = [(decode(each.raw, each.kind).body, self.journal.personal(each.place)) for each in self.journal.entries(0, 100)]
        return [(body, read_beside(kept) if kept else Beside()) for body, kept in entries if isinstance(body, MemberTold)]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with closing(Page(tmp_path)) as page:
        yield page


@pytest.fixture
def english(tmp_path: Path) -> Iterator[Page]:
    with closing(Page(tmp_path, "en")) as page:
        yield page


def test_what_is_known_stands_in_the_fields(page: Page) -> None:
    assert page.begin() == TellForm("۷/۱۵", "", (SMS, OFFERS), ("tea",), "12")
    assert (page.view.birth, page.view.problem) == ("۱۵ مهر", "")
    assert page.view.tastes == (("tea", "چای"), ("bread", "نان"))
    assert page.view.areas == (("12", "منطقهٔ ۱۲"),)
    assert "آنچه اینجا تغییر نکند" in page.view.whose
    assert page.begin("m2") == TellForm()
    assert page.view.birth == ""


@pytest.mark.parametrize(("birth", "said"), [(MEHR, "in the Jalali calendar"), (Birth(Calendar.GREGORIAN, 7, 15), "15 Jul")])
def test_a_birthday_of_another_calendar_says_of_which(english: Page, birth: Birth, said: str) -> None:
    assert english.begin().birth == "7/15"
    english.members.apply(MemberPage("e", Position(english.journal.head().incarnation, 9), (
        MemberRecord(replace(member(1), birth=birth), ()),), (), Stamp(3, 3), last=True))
    english.begin()
    assert english.view.birth == said
    english.page.birth_typed("8/1")
    assert english.view.birth == "1 Aug"


def test_the_calendar_of_a_gregorian_birthday_is_named_in_persian(page: Page) -> None:
    page.members.apply(MemberPage("e", Position(page.journal.head().incarnation, 9), (
        MemberRecord(replace(member(1), birth=Birth(Calendar.GREGORIAN, 7, 15)), ()),), (), Stamp(3, 3), last=True))
    page.begin()
    assert page.view.birth == "به تقویم میلادی"


def test_a_withdrawn_consent_is_taken_down_and_nothing_else_is_spoken_of(page: Page) -> None:
    form = page.begin()
    page.page.finish(replace(form, agreed=(SMS,)))
    assert page.told() == [(MemberTold("m1", withdrawn=(Consent(*OFFERS, NOON.utc_us),)), Beside())]
    assert page.views[-1] is None
    assert page.screen.view.banner is not None
    assert page.screen.view.banner.text == "برای دفتر مرکزی ثبت شد."
    assert page.begin().agreed == (SMS,)


def test_all_that_can_be_told_is_taken_down(page: Page) -> None:
    page.begin("m2")
    page.page.finish(TellForm("۱۵/۷", " sara@example.com ", (MAIL,), ("bread",), "12"))
    assert page.told() == [(
        MemberTold("m2", ("bread",), "12", (Consent(*MAIL, NOON.utc_us),), birth=True, email=True),
        Beside(Birth(Calendar.JALALI, 7, 15), "sara@example.com"))]


def test_what_the_rules_have_no_name_for_stays(page: Page) -> None:
    page.packs.held = replace(page.packs.held, texts={"taste:tea": Text("چای", "Tea")})
    form = page.begin()
    # the menus offer neither silk nor district 12, so neither is left chosen
    page.page.finish(replace(form, tastes=("tea",), area=""))
    assert page.view.problem == "چیزی تغییر نکرده است."
    page.page.finish(replace(form, tastes=(), area=""))
    assert page.told() == [(MemberTold("m1", ("silk",)), Beside())]


def test_an_area_can_be_taken_back(page: Page) -> None:
    form = page.begin()
    page.page.finish(replace(form, area=""))
    assert page.told() == [(MemberTold("m1", area=""), Beside())]


def test_nothing_new_is_said_and_not_written(page: Page) -> None:
    page.page.finish(page.begin())
    assert (page.view.problem, page.told()) == ("چیزی تغییر نکرده است.", [])


@pytest.mark.parametrize(("change", "said"), [
    ({"birth": "13/40"}, "این روز تولد نیست: ماه و روز به عدد، مانند ۷/۱۵."),
    ({"email": "sara"}, "این نشانی ایمیل نیست."),
    ({"agreed": (SMS, MAIL)}, "نشانی ایمیل وارد نشده است."),
    ({"tastes": tuple(map(str, range(MOST_CODES)))}, "سلیقه‌های کمتری انتخاب کنید.")])
def test_what_cannot_be_is_said_and_nothing_is_written(page: Page, change: dict[str, object], said: str) -> None:
    form = page.begin()
    page.page.finish(replace(form, **change))  # type: ignore[arg-type] # each by its name
    assert (page.view.problem, page.told()) == (said, [])


def test_an_address_that_was_asked_for_once_is_not_asked_for_again(page: Page) -> None:
    form = page.begin()
    page.page.finish(replace(form, agreed=(SMS, MAIL), email="sara@example.com"))
    form = page.begin()
    page.page.finish(replace(form, agreed=(SMS, MAIL, (Purpose.MARKETING, Channel.EMAIL))))
    assert [body.given for body, _ in page.told()] == [
        (Consent(*MAIL, NOON.utc_us),), (Consent(Purpose.MARKETING, Channel.EMAIL, NOON.utc_us),)]


def test_a_known_birthday_is_changed_with_a_second_person(page: Page) -> None:
    form = page.begin()
    changed = replace(form, birth="8/1")
    page.page.finish(changed)
    [(operation, what)] = page.asked
    assert (operation.kind, operation.asked_by, operation.subject, operation.needs, what) == (
        OperationKind.BIRTHDAY, CASHIER, "m1", Role.SENIOR, "روز تولدی که ثبت شده است تغییر می‌کند.")
    assert (page.told(), page.view.problem[-6:]) == ([], "(E316)")
    page.approver = SENIOR
    page.page.finish(changed)
    assert page.told() == [(MemberTold("m1", birth=True), Beside(Birth(Calendar.JALALI, 8, 1)))]


def test_an_approval_that_approves_nothing_is_not_asked_for_again(page: Page) -> None:
    page.approver = CASHIER
    page.page.finish(replace(page.begin(), birth=""))
    assert (len(page.asked), page.told(), page.view.problem[-6:]) == (1, [], "(E316)")


def test_a_first_birthday_needs_nobody(page: Page) -> None:
    page.page.finish(replace(page.begin("m2"), birth="8/1"))
    assert ([body for body, _ in page.told()], page.asked) == ([MemberTold("m2", birth=True)], [])


def test_it_begins_with_nobody_for_nobody(page: Page) -> None:
    with pytest.raises(StationError) as refused:
        page.page.begin()
    assert refused.value.code is ErrorCode.MEMBER_UNKNOWN


def test_a_file_that_takes_nothing_is_said_and_the_dialog_stays(page: Page) -> None:
    form = page.begin()
    page.journal.database.execute("PRAGMA query_only = 1")
    page.page.finish(replace(form, agreed=()))
    assert page.view.problem
    page.journal.database.execute("PRAGMA query_only = 0")
    assert page.told() == []


def test_a_nameless_member_is_called_so(page: Page) -> None:
    page.members.apply(MemberPage("e", Position(page.journal.head().incarnation, 9), (
        MemberRecord(replace(member(2), name=""), ()),), (), Stamp(3, 3), last=True))
    page.begin("m2")
    assert "عضو بی‌نام" in page.view.whose


def test_no_card_is_taken_meanwhile(page: Page) -> None:
    page.begin()
    page.page.refuse_card()
    assert page.view.problem == "نخست کار همین صفحه را تمام کنید یا با Esc برگردید."
