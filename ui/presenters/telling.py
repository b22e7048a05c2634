"""What a member tells after the enrolment, for the member in the basket: tastes, area, consents, birthday, e-mail. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from station.approval import Operation, OperationKind
from station.bonus import Birth
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.people import Actor
from station.tell_desk import CORRECTS_BIRTH, Sheet, TellDesk
from station.told import MOST_CODES, Agreement, Channel, Told
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.presenters.enrolling import AskApproval
from ui.presenters.personal import AREA, TASTE, birth_day, birth_typed, calendar_of, choices, is_email
from ui.presenters.reasons import held
from ui.text import Words
from ui.views import BannerView, Tone

Choices = tuple[tuple[str, str], ...]
"""Codes with their names."""


@dataclass(frozen=True, slots=True)
class TellForm:
    """What stands in the fields: a birthday as it is typed, chosen codes, what is ticked, a new address."""

    birth: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    agreed: tuple[Agreement, ...] = ()
    tastes: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True, slots=True)
class TellView:
    """What is shown beside the fields: of whom it is, what can be chosen, which day was understood, what went wrong."""

    whose: str
    tastes: Choices = ()
    areas: Choices = ()
    birth: str = ""
    problem: str = ""


class TellScreen(Protocol):
    """The dialog the presenter speaks to; None closes it."""

    def show_told(self, view: TellView | None) -> None:
        """Show ``view``."""
        ...


class Telling:
    """One member after the other. Lives on the screen's thread; no action raises ``StationError`` but ``begin``."""

    def __init__(self, tell_desk: TellDesk, desk: Desk, checkout: Checkout, approve: AskApproval, screen: TellScreen) -> None:
        """Take it down at ``tell_desk`` as whoever is at the till of ``desk``."""
        self._tell_desk, self._desk, self._checkout, self._approve, self._screen = tell_desk, desk, checkout, approve, screen
        self._words, self._style = Words("en"), Format("en")
        self._member_id, self._name = "", ""
        self._before, self._form = Sheet(), TellForm()
        self._view = TellView("")

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def begin(self) -> TellForm:
        """Begin with what is known of the member in the basket, and return it as it stands in the fields.

        Raises ``StationError`` MEMBER_UNKNOWN for nobody, PACK_MISSING, or 4xx.
        """
        member = self._desk.counter.member
        if member is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        pack, words = self._tell_desk.pack(), self._words
        tastes, areas = (choices(pack, lead, words) for lead in (TASTE, AREA))
        known = self._tell_desk.known(member.member_id)
        self._member_id, self._name, self._before = member.member_id, member.name, known
        birth = self._style.digits(f"{known.birth.month}/{known.birth.day}") if known.birth else ""
        self._form = TellForm(birth, "", known.told.agreed, _named(known.told.tastes, tastes),
                              next(iter(_named((known.told.area,), areas)), ""))
        self._view = TellView("", tastes, areas)
        self.birth_typed(birth)
        return self._form

    def birth_typed(self, text: str) -> None:
        """Say which day was understood; of one that is kept in another calendar, in which."""
        birth = self._birth(text)
        if birth is None:
            self._show(birth="")
        elif birth.calendar is calendar_of(self._words):
            self._show(birth=birth_day(birth, self._style))
        else:
            words = self._words
            self._show(birth=words("in the Jalali calendar") if birth.calendar is Calendar.JALALI
                       else words("in the Gregorian calendar"))

    def refuse_card(self) -> None:
        """Say that no card is taken and nothing is sold meanwhile."""
        self._show(problem=self._words("Finish here first, or go back with Esc."))

    def finish(self, form: TellForm, approver: Actor | None = None) -> None:
        """Take down what is otherwise than it was, durably, or say why not; where a second person is needed, one is asked."""
        problem, after = self._read(form)
        if after is None:
            self._show(problem=problem)
            return
        by = self._desk.at_till.actor
        try:
            changed = self._tell_desk.tell(self._member_id, self._before, after, by, approver)
        except StationError as fault:
            self._show(problem=self._words.error(fault))
            if fault.code is ErrorCode.APPROVAL_MISSING and approver is None:
                operation = Operation(OperationKind.BIRTHDAY, by, self._member_id, needs=CORRECTS_BIRTH)
                self._approve(operation, self._words("A birthday that is known is changed."),
                              lambda who: self.finish(form, who or by))
            return
        if not changed:
            self._show(problem=self._words("Nothing is otherwise than before."))
            return
        self._screen.show_told(None)
        self._checkout.say(BannerView(Tone.OK, self._words("Taken down for head office.")))

    def _read(self, form: TellForm) -> tuple[str, Sheet | None]:
        """Return the sheet as it is in ``form``, or a sentence on what is wrong with it and None."""
        words, before, birth, email = self._words, self._before, self._birth(form.birth), form.email.strip()
        if form.birth.strip() and birth is None:
            return words("This is no birthday: month and day in figures, such as 7/15."), None
        # Whether an address is kept no station knows, but one was asked for when writing to it was agreed to first.
        by_email = any(channel is Channel.EMAIL for _, channel in form.agreed)
        had_email = any(channel is Channel.EMAIL for _, channel in before.told.agreed)
        if by_email and not had_email and not email:
            return words("The e-mail address is missing."), None
        if email and not is_email(email):
            return words("This is no e-mail address."), None
        tastes = (*form.tastes, *_unnamed(before.told.tastes, self._view.tastes))
        area = form.area or "".join(_unnamed((before.told.area,), self._view.areas))
        told = Told(tastes, area, form.agreed)
        if len(told.tastes) >= MOST_CODES:
            return words("Choose fewer tastes."), None
        return "", Sheet(told, birth, email)

    def _birth(self, text: str) -> Birth | None:
        """Return the birthday typed; as it stood in the field it is the one that is known, in whatever calendar."""
        return self._before.birth if text == self._form.birth else birth_typed(text, self._words)

    def _show(self, birth: str | None = None, problem: str = "") -> None:
        words = self._words
        name = held(self._name or words("Member without a name"), words)
        whose = words("From {name}. What is not changed here stays as it is.", name=name)
        self._view = replace(self._view, whose=whose, problem=problem, birth=self._view.birth if birth is None else birth)
        self._screen.show_told(self._view)


def _named(codes: Iterable[str], offered: Choices) -> tuple[str, ...]:
    """Return those of ``codes`` that the rules have a name for: they can be chosen or not."""
    return tuple(code for code in codes if code in dict(offered))


def _unnamed(codes: Iterable[str], offered: Choices) -> tuple[str, ...]:
    """Return those of ``codes`` that the rules have no name for any more: nobody can leave them chosen, so they stay."""
    return tuple(code for code in codes if code not in dict(offered))
