"""Who forgot the card, or whose card proves little, proves by a PIN or a code to be the member; only with a line."""

from collections.abc import Callable

from station.clock import Clock
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.ids import RANDOM_BYTES, uuid7
from station.search import fold
from station.step_up import ClaimAsked, ClaimMethod, ClaimOffice, ClaimOpen, StepUp

LEAST_DIGITS = 4
MOST_ANSWER, MOST_PHONE = 12, 20


class NoClaimOffice:
    """``ClaimOffice`` of a station without a line: nobody can be proven to be anybody."""

    def begin(self, asked: ClaimAsked) -> ClaimOpen:
        """Raise ``StationError`` HEAD_OFFICE_UNREACHABLE."""
        del asked
        raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="no line")

    def answer(self, claim: ClaimOpen, answer: str) -> StepUp:
        """Raise ``StationError`` HEAD_OFFICE_UNREACHABLE."""
        del claim, answer
        raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="no line")


class Claiming:
    """One claim at a time, for the basket in hand. Not thread-safe: it lives on the counter's thread."""

    def __init__(self, counter: Counter, office: ClaimOffice, clock: Clock, random: Callable[[int], bytes]) -> None:
        """Claim for ``counter`` at ``office``; ``random`` draws bytes."""
        self._counter = counter
        self._office = office
        self._clock = clock
        self._random = random
        self._open: ClaimOpen | None = None

    @property
    def claim(self) -> ClaimOpen | None:
        """The claim that waits for an answer."""
        return self._open

    def begin(self, phone: str, method: ClaimMethod, member_id: str = "") -> ClaimOpen:
        """Begin a claim of whoever has ``phone``, as typed; ``member_id`` is whom they are taken for ("": not known).

        What comes back says nothing about whether anybody has it. Raises ``StationError`` as
        ``ClaimOffice``, CLAIM_REFUSED (``tries`` 0) for what is no phone.
        """
        digits = _digits(phone)
        if not LEAST_DIGITS <= len(digits) <= MOST_PHONE:
            raise StationError(ErrorCode.CLAIM_REFUSED, tries=0)
        now = self._clock.now()
        claim_id = uuid7(now.utc_us, self._random(RANDOM_BYTES))
        self._open = None
        self._open = self._office.begin(ClaimAsked(claim_id, digits, method, member_id))
        return self._open

    def answer(self, typed: str) -> StepUp:
        """Answer the open claim by what was typed, and give the basket what came of it.

        Raises ``StationError`` as ``ClaimOffice``, CLAIM_REFUSED (``tries``) also for what cannot be
        an answer, which is no try, and without an open claim; as ``Counter.identify`` when it is proven who
        it is and the basket cannot be given to that member here.
        """
        claim, digits = self._open, _digits(typed)
        if claim is None:
            raise StationError(ErrorCode.CLAIM_REFUSED, tries=0)
        if not LEAST_DIGITS <= len(digits) <= MOST_ANSWER:
            raise StationError(ErrorCode.CLAIM_REFUSED, tries=claim.tries_left)
        try:
            step_up = self._office.answer(claim, digits)
        except StationError as fault:
            self._refused(claim, fault)
            raise
        self._open = None
        self._counter.prove(step_up)
        return step_up

    def give_up(self) -> None:
        """Forget the open claim."""
        self._open = None

    def _refused(self, claim: ClaimOpen, fault: StationError) -> None:
        """Go on to the next try after a wrong answer; after a fault of the line the same try may be answered again."""
        if fault.code is ErrorCode.CLAIM_REFUSED:
            left = int(fault.detail["tries"])
            self._open = ClaimOpen(claim.claim_id, claim.method, claim.until_us, left, claim.number + 1) if left else None
        elif fault.code is ErrorCode.CLAIM_LOCKED:
            self._open = None


def _digits(typed: str) -> str:
    """Return the digits of what was typed, in any script."""
    return "".join(each for each in "".join(fold(typed)) if each in "0123456789")
