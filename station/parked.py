"""Baskets put aside while another customer is served: held, listed, and each recalled once. Pure.

What a basket wanted to spend is not kept: nothing is set aside for it, so the member is asked again.
A recalled basket is taken up as one is after a restart: on another day on that day's rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from station.basket import HeldBasket
from station.clock import Clock, Moment
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.in_hand import InHand, Recovered
from station.people import Actor


@dataclass(frozen=True, slots=True)
class Parked:
    """A basket that ``by`` put aside ``at`` a moment, and what it came to then: ``total`` in minor units."""

    held: HeldBasket
    at: Moment
    by: Actor
    total: int

    @property
    def parked_id(self) -> str:
        """What it is recalled by."""
        return self.held.basket.basket_id


class ParkedBaskets(Protocol):
    """Where they wait. Each move is one durable transaction: a basket is in hand or waits, never both, never neither."""

    def park(self, parked: Parked) -> None:
        """Keep ``parked``; it is the basket in hand no more. Raises ``StationError`` 4xx."""
        ...

    def parked(self) -> Sequence[Parked]:
        """Return those that wait, oldest first."""
        ...

    def unpark(self, parked_id: str) -> Parked | None:
        """Make it the basket in hand again and return it; None when it waits no more. Raises ``StationError`` 4xx."""
        ...


class Parking:
    """The cashier's side of it. Not thread-safe: it lives on the counter's thread."""

    def __init__(self, counter: Counter, baskets: ParkedBaskets, clock: Clock) -> None:
        """Work beside ``counter``."""
        self._counter = counter
        self._baskets = baskets
        self._clock = clock

    def waiting(self) -> Sequence[Parked]:
        """Return the baskets that wait, oldest first."""
        return self._baskets.parked()

    def hold(self, by: Actor) -> Parked:
        """Put the open basket aside, durably; none is open then.

        Raises ``StationError`` BASKET_EMPTY, or 4xx; the basket then stays open.
        """
        held = self._counter.in_hand
        if held is None or not held.basket.lines:
            raise StationError(ErrorCode.BASKET_EMPTY)
        basket = replace(held.basket, payments=(), chosen=(), redeem=0, step_up=None)
        parked = Parked(
            HeldBasket(basket, held.shown.medium), self._clock.now(), by, held.engine.price(basket).total)
        self._baskets.park(parked)
        self._counter.let_go()
        return parked

    def recall(self, parked_id: str) -> Recovered:
        """Open a basket that waits; a member at the counter keeps it where it had none.

        Raises ``StationError`` BASKET_IN_THE_WAY while goods are in the open one, PARKED_GONE when it
        was recalled before, or as ``Counter.take_up``; it goes on waiting where that could not take it up.
        """
        counter, before = self._counter, self._counter.in_hand
        if before and before.basket.lines:
            raise StationError(ErrorCode.BASKET_IN_THE_WAY)
        parked = self._baskets.unpark(parked_id)
        if parked is None:
            raise StationError(ErrorCode.PARKED_GONE)
        counter.let_go()
        try:
            found = counter.take_up(parked.held)
        except StationError:
            if counter.in_hand is None:
                self._wait_on(parked, before)
            raise
        if before and before.member and counter.member is None:
            spender = before.basket.spender
            counter.identify(before.member.member_id, before.shown, spender.holder if spender else "")
        return found

    def _wait_on(self, parked: Parked, before: InHand | None) -> None:
        """Let ``parked``, which could not be taken up, wait on, and have in hand what was ``before``."""
        self._baskets.park(parked)
        if before:
            self._counter.go_back(before)

    def take_back(self, parked: Parked, before: InHand) -> None:
        """Undo ``hold``: the basket is open as it was ``before``, with what it wanted to spend.

        Raises ``StationError`` BASKET_IN_THE_WAY, PARKED_GONE, or as ``Counter.go_back``.
        """
        if self._counter.basket and self._counter.basket.lines:
            raise StationError(ErrorCode.BASKET_IN_THE_WAY)
        if self._baskets.unpark(parked.parked_id) is None:
            raise StationError(ErrorCode.PARKED_GONE)
        self._counter.go_back(before)
