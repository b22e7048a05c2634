"""Enrolling a member: card, phone, name, who invited them; admitted or not and why, and one account for one phone. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from station.admission import AdmissionCode, Shortcoming
from station.approval import Operation, OperationKind
from station.card import CardStatus, Tap
from station.enrol_desk import Application, EnrolDesk, Evidence
from station.enrolling import MOST_NAME, Person
from station.errors import ErrorCode, StationError
from station.member import Member
from station.people import Actor, Role
from station.phone import phone_number
from station.told import Channel, Purpose
from ui.format import Format, fold_digits
from ui.presenters.admission_words import shortcoming_words
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.presenters.personal import AREA, TASTE, birth_day, birth_typed, choices, is_email
from ui.text import Words
from ui.views import BannerView, FoundMember, Tone

AskApproval = Callable[[Operation, str, Callable[[Actor | None], None]], None]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and chosen on the page, in whatever digits."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    agreed: tuple[tuple[Purpose, Channel], ...] = ()
    tastes: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True, slots=True)
class EnrolView:
    """What the page shows beside its fields.

    ``card`` says whether one was taken; its number is shown nowhere. ``duplicate`` names the member who
    has this phone or card already ("" for nobody): they can be served instead. ``receipts`` says which
    earlier purchases were shown, where the rule asks for any. ``referrer`` is who invited, ``choices`` those whom the text typed for one may mean. ``missing`` are the sentences of the admission rule that are
    not met, ``admission`` the one that tells how it stands. ``problem`` is what went wrong.
    """

    card: str
    has_card: bool = False
    admission: str = ""
    admission_tone: Tone = Tone.NEUTRAL
    missing: tuple[str, ...] = ()
    duplicate: str = ""
    birth: str = ""
    asks_receipts: bool = False
    receipts: str = ""
    referrer: str = ""
    choices: tuple[FoundMember, ...] = ()
    tastes: tuple[tuple[str, str], ...] = ()
    areas: tuple[tuple[str, str], ...] = ()
    problem: str = ""


class EnrolScreen(Protocol):
    """The page the presenter speaks to; None closes it."""

    def show_enrol(self, view: EnrolView | None) -> None:
        """Show ``view``."""
        ...


class Enrolling:
    """One applicant after the other. Lives on the screen's thread; no action raises ``StationError``."""

    def __init__(self, enrol_desk: EnrolDesk, desk: Desk, checkout: Checkout, approve: AskApproval, screen: EnrolScreen) -> None:
        """Enrol at ``enrol_desk`` as whoever is at the till of ``desk``; the basket in hand becomes the new member's."""
        self._enrol_desk, self._desk, self._checkout, self._approve, self._screen = enrol_desk, desk, checkout, approve, screen
        self._words, self._style = Words("en"), Format("en")
        self._member_id = ""
        self._tap: Tap | None = None
        self._other: Member | None = None
        self._referrer: Member | None = None
        self._receipts: tuple[Evidence, ...] = ()
        self._needs: Role | None = None
        self._view = EnrolView("")

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def begin(self, tap: Tap | None = None) -> None:
        """Begin with nobody; ``tap`` is a card that was shown just before and is nobody's. Raises ``StationError``."""
        self._member_id = self._enrol_desk.new_id()
        self._tap = self._other = self._referrer = None
        self._receipts = ()
        pack = self._enrol_desk.pack()
        tastes, areas = (choices(pack, lead, self._words) for lead in (TASTE, AREA))
        policy = pack.admission
        asks_receipts = bool(policy.least_spent or policy.least_visits or policy.fee)
        self._view = EnrolView("", tastes=tastes, areas=areas, asks_receipts=asks_receipts)
        if tap:
            self.tapped(tap)
        else:
            self._show()

    def tapped(self, tap: Tap, *, invites: bool = False) -> None:
        """Take a card: the new member's, or (``invites``) that of who invited them."""
        try:
            held = self._enrol_desk.holder_of(tap)
            member = self._desk.members.member(held.member_id) if held else None
            fault = (None if held and held.status is CardStatus.ACTIVE
                     else StationError(ErrorCode.CARD_NOT_ACTIVE, status=held.status.value) if held
                     else StationError(ErrorCode.CARD_UNKNOWN) if invites
                     else self._enrol_desk.card_fault(tap))
        except StationError as refused:
            fault, member = refused, None
        if fault:
            self._show(problem=self._words.error(fault))
        elif invites:
            self._invited(member)
        else:
            self._other = member
            self._tap = None if member else tap
            self._show()

    def phone_typed(self, text: str) -> None:
        """Look whether somebody has this phone already, as it is typed; less than a phone says nothing."""
        phone = phone_number(text)
        try:
            self._other = self._enrol_desk.same_phone(phone)
        except StationError as fault:
            self._show(problem=self._words.error(fault))
            return
        self._show()

    def birth_typed(self, text: str) -> None:
        """Say which day was understood."""
        birth = birth_typed(text, self._words)
        self._show(birth=birth_day(birth, self._style) if birth else "")

    def look_for_referrer(self, text: str) -> None:
        """Look for who invited the applicant by a phone, its last digits or a name."""
        found = self._checkout.find(text)
        if len(found) == 1:
            self.choose_referrer(found[0].member_id)
        else:
            self._show(choices=found, problem="" if found else self._words("No member was found."))

    def choose_referrer(self, member_id: str) -> None:
        """Take who invited the applicant; "" for nobody."""
        try:
            self._invited(self._desk.members.member(member_id) if member_id else None)
        except StationError as fault:
            self._show(problem=self._words.error(fault))

    def receipt_shown(self, text: str) -> bool:
        """Count the receipt of an earlier purchase, scanned or typed; return whether it was counted. Each counts once."""
        try:
            shown = self._enrol_desk.evidence(fold_digits(text))
        except StationError as fault:
            self._show(problem=self._words.error(fault))
            return False
        self._receipts = (*(each for each in self._receipts if each.receipt != shown.receipt), shown)
        self._show()
        return True

    def serve_other(self) -> None:
        """Give the basket to the member who has this phone or card already, and enrol nobody."""
        other = self._other
        if other:
            self._screen.show_enrol(None)
            self._checkout.identify(other.member_id)

    def finish(self, typed: Typed, approver: Actor | None = None) -> None:
        """Enrol, or say what is missing; where that is an approval alone, one is asked for."""
        problem, person = self._person(typed)
        if person is None:
            self._show(problem=problem)
            return
        by = self._desk.at_till.actor
        try:
            self._other = self._enrol_desk.same_phone(person.phone)
            missing = self._enrol_desk.missing(self._referrer_id, self._receipts, by, approver)
            needs = self._enrol_desk.pack().admission.approved_by
            if not self._other and needs and approver is None and [each.code for each in missing] == [AdmissionCode.APPROVAL]:
                self._ask(Operation(OperationKind.ENROL, by, self._member_id, needs=needs), typed, person.name)
                return
            member = self._enrol_desk.enrol(Application(
                self._member_id, person, self._tap, typed.agreed, self._referrer_id, typed.tastes, typed.area,
                self._receipts), by, approver)
        except StationError as fault:
            self._show(problem=self._words.error(fault))
            return
        self._screen.show_enrol(None)
        self._enrolled(member)

    def _ask(self, operation: Operation, typed: Typed, name: str) -> None:
        self._show()
        what = self._words("Enrol a new member: {name}", name=name)
        self._approve(operation, what, lambda approver: self.finish(typed, approver or operation.asked_by))

    @property
    def _referrer_id(self) -> str:
        return self._referrer.member_id if self._referrer else ""

    def _enrolled(self, member: Member) -> None:
        """Give the basket to the new member: by the card, where one was given out."""
        tap = self._tap
        self._tap = None

        before = self._desk.counter.in_hand

        def open_account() -> None:
            try:
                if tap:
                    self._desk.tap(tap)
                    return
            except StationError:
                # The account is open all the same; what the card proves is told at its next showing.
                pass
            self._desk.counter.identify(member.member_id)

        def give() -> None:
            open_account()
            self._checkout.came(before)

        self._checkout.do(give)
        words = self._words
        name = member.name or words("Member without a name")
        was_anothers = before is not None and before.member is not None
        self._checkout.say(BannerView(Tone.OK, words("New member: {name}", name=name), undo=was_anothers))

    def _invited(self, member: Member | None) -> None:
        self._referrer = member
        self._show()

    def _person(self, typed: Typed) -> tuple[str, Person | None]:
        """Return who was typed, or a sentence on what is wrong with it and None."""
        words, phone, birth = self._words, phone_number(typed.phone), birth_typed(typed.birth, self._words)
        name, email = " ".join(typed.name.split())[:MOST_NAME], typed.email.strip()
        by_email = any(channel is Channel.EMAIL for _, channel in typed.agreed)
        if not phone:
            return words("This is no phone number."), None
        if not name:
            return words("The name is missing."), None
        if typed.birth.strip() and birth is None:
            return words("This is no birthday: month and day in figures, such as 7/15."), None
        if (email or by_email) and not is_email(email):
            return words("This is no e-mail address."), None
        return "", Person(name, phone, email, birth)

    def _show(self, **facts: object) -> None:
        """Show how it stands; ``facts`` are what this moment has to tell beside."""
        words = self._words
        missing: Sequence[Shortcoming] = ()
        try:
            missing = self._enrol_desk.missing(self._referrer_id, self._receipts, self._desk.at_till.actor)
            self._needs = self._enrol_desk.pack().admission.approved_by
        except StationError as fault:
            facts.setdefault("problem", words.error(fault))
        only_approval = [each.code for each in missing] == [AdmissionCode.APPROVAL]
        admission = (words("May become a member.") if not missing
                     else words("May become a member once it is approved.") if only_approval
                     else words("The club's rules do not admit this person now."))
        other = self._other
        said: dict[str, object] = {
            "problem": "", "choices": (), **facts,
            "card": words("Card taken") if self._tap else words("Show a card at any moment"), "has_card": self._tap is not None,
            "admission": admission, "admission_tone": Tone.ERROR if missing and not only_approval else Tone.WARN if missing else Tone.OK,
            "missing": shortcoming_words(missing, self._needs, words, self._style),
            "receipts": words("Receipts: {count}, {money}", count=self._style.number(len(self._receipts)),
                              money=self._style.money(sum(each.spent + each.fee for each in self._receipts))) if self._receipts else "",
            "duplicate": words("Already a member: {name}", name=other.name or words("Member without a name")) if other else "",
            "referrer": (self._referrer.name or words("Member without a name")) if self._referrer else ""}
        self._view = replace(self._view, **said)  # type: ignore[arg-type] # each by its name
        self._screen.show_enrol(self._view)
