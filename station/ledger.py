"""The ledger: append-only postings on accounts, the lots they move, and the debt between the two.

Rules: design "Points" and "Returns, voids, merges". At any time, for every account,
balance = sum of its postings = what its lots hold − debt. Requests are taken in head office's
posting order; each posting keeps the moves between lots that were chosen then, so that reading the
stored postings again never chooses anew. The same discipline serves points and stored value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from station.dates import add_days
from station.lots import Lot, LotTerms, Move, by_expiry, draw, join, moved
from station.points import Adjust, Earn, Merge, PointsKind, Redeem, Request, Return, Transfer
from station.posting import (
    LedgerRefusal,
    LedgerRules,
    Opening,
    Origin,
    Outcome,
    Posting,
    Shortfall,
    Standing,
    Stated,
    goes_back,
)


@dataclass(slots=True)
class _Account:
    """The running state of one account; ``lots`` in the order of posting, ``parts`` merged into it."""

    balance: int = 0
    debt: int = 0
    lots: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    earned: list[tuple[str, int]] = field(default_factory=list)


class Ledger:
    """A ledger in memory. Postings read back from storage are given at construction, in order."""

    def __init__(
        self, rules: LedgerRules, postings: Iterable[Posting] = (), openings: Iterable[Opening] = (),
        origins: Iterable[Origin] = (),
    ) -> None:
        """Start from ``postings``, or go on without them from how accounts stand: ``openings`` and ``origins``.

        Raises ``ValueError`` when the postings do not belong together.
        """
        self.rules = rules
        self._postings: dict[str, Posting] = {}
        self._accounts: dict[str, _Account] = {}
        self._lots: dict[str, Lot] = {}
        self._merged: dict[str, str] = {}
        self._sales: dict[str, list[str]] = {}
        self._gone_back: dict[str, int] = {}
        self._lapsed: dict[str, int] = {}
        for each in openings:
            self._accounts[each.account] = _Account(each.balance, each.debt, [lot.lot_id for lot in each.lots])
            self._lots |= {lot.lot_id: lot for lot in each.lots}
        for origin in origins:
            key = origin.posting.key
            self._postings[key] = origin.posting
            self._gone_back[key], self._lapsed[key] = origin.gone_back, origin.lapsed
        for posting in postings:
            self._write(posting)

    def postings(self) -> tuple[Posting, ...]:
        """Return everything written, in order."""
        return tuple(self._postings.values())

    def accounts(self) -> tuple[str, ...]:
        """Return every account ever written to, in order of first appearance."""
        return tuple(self._accounts)

    def owner(self, account: str) -> str:
        """Return the account that ``account`` is part of after merges: itself when there was none."""
        while account in self._merged:
            account = self._merged[account]
        return account

    def balance(self, account: str, day: str | None = None) -> int:
        """Return the sum of the postings on ``account``, up to and including ``day`` when given."""
        if day is None:
            return self._account(account).balance
        return sum(posting.amount for posting in self._postings.values()
                   if posting.account == account and posting.day <= day)

    def spendable(self, account: str, day: str, sale: str = "") -> int:
        """Return what may be spent on ``day`` in ``sale``: nothing while there is debt."""
        if self._account(account).debt:
            return 0
        return sum(lot.left for lot in self._spendable_lots(account, day, sale))

    def standing(self, account: str, day: str) -> Standing:
        """Return how ``account`` stands on ``day``; ``lots`` are those that still hold something."""
        state, lots = self._account(account), self._lots_of(account)
        return Standing(
            state.balance, self.spendable(account, day),
            pending=sum(lot.left for lot in lots if lot.pending(day) and not lot.past(day)),
            past=sum(lot.left for lot in lots if lot.past(day)),
            debt=state.debt, lots=tuple(by_expiry(lots)))

    def parts(self, account: str) -> tuple[str, ...]:
        """Return ``account`` and every account that became part of it."""
        return (account, *(part for each in self._account(account).parts for part in self.parts(each)))

    def earned(self, account: str) -> tuple[tuple[str, int], ...]:
        """Return (day, amount) of what ``account`` and its parts earned, and lost again by returns."""
        return tuple(fact for part in self.parts(account) for fact in self._account(part).earned)

    def post(self, request: Request) -> Outcome:
        """Write what ``request`` asks for, or refuse it whole. A key already written changes nothing."""
        if request.key in self._postings:
            return Outcome()
        asked = replace(request, account=self.owner(request.account))
        match asked:
            case Earn():
                outcome = self._earn(asked)
            case Redeem():
                outcome = self._redeem(asked)
            case Return():
                outcome = self._return(asked)
            case Adjust():
                outcome = self._adjust(asked)
            case Transfer():
                outcome = self._transfer(asked)
            case _:
                outcome = self._merge(asked)
        return outcome

    def state(self, said: Stated) -> Posting:
        """Write what a receipt says happened. It is never refused: what the lots cannot meet is a claim.

        Raises ``ValueError`` when the key was written before.
        """
        bare = Posting(
            said.key, self.owner(said.account), said.kind, said.amount, said.rule, said.day, sale=said.sale)
        origin = self._postings.get(said.origin)
        if origin and origin.account == bare.account and (origin.amount < 0) != (said.amount < 0):
            bare = replace(bare, amount=abs(said.amount), origin=said.origin)
            return self._write(self._give_back(bare) if said.amount > 0 else self._take_back(bare))
        if said.amount < 0:
            return self._write(self._taken(bare, said.out_of))
        lot = self._new_lot(bare, said.terms or self.rules.terms, said.sale)
        return self._write(self._credit(bare, [(lot, said.amount)]))

    def expire(self, day: str, account: str = "", kept: Mapping[str, int] | None = None) -> tuple[Posting, ...]:
        """Write the EXPIRE of every lot that ended before ``day``, of one account or of all; once a day.

        ``kept`` says by lot how much must stay, for it may have been spent in time without our knowing yet.
        """
        made = []
        for lot in tuple(self._lots.values()):
            key = f"{lot.lot_id}/expire/{day}"
            ended = lot.left - (kept or {}).get(lot.lot_id, 0) if lot.past(day) else 0
            if ended > 0 and account in ("", lot.account) and key not in self._postings:
                made.append(self._write(Posting(
                    key, lot.account, PointsKind.EXPIRE, -ended, "expiry", day, (Move(lot.lot_id, -ended),))))
        return tuple(made)

    def _earn(self, ask: Earn) -> Outcome:
        lot = self._new_lot(ask, ask.terms or self.rules.terms, ask.sale)
        return self._written(self._credit(
            Posting(ask.key, ask.account, PointsKind.EARN, ask.amount, ask.rule, ask.day, sale=ask.sale),
            [(lot, ask.amount)]))

    def _redeem(self, ask: Redeem) -> Outcome:
        moves = self._spend(ask, ask.sale)
        if isinstance(moves, LedgerRefusal):
            return Outcome(refused=moves)
        return self._written(Posting(
            ask.key, ask.account, PointsKind.REDEEM, -ask.amount, ask.rule, ask.day, moves, sale=ask.sale))

    def _adjust(self, ask: Adjust) -> Outcome:
        bare = Posting(
            ask.key, ask.account, PointsKind.ADJUST, ask.amount, "adjustment", ask.day, approval=ask.approval)
        if ask.amount < 0:
            return self._written(self._debit(bare))
        lot = self._new_lot(ask, replace(self.rules.terms, pending_days=0), "")
        return self._written(self._credit(bare, [(lot, ask.amount)]))

    def _return(self, ask: Return) -> Outcome:
        origins = [origin for origin in map(self._postings.__getitem__, self._sales.get(ask.sale, ()))
                   if self.owner(origin.account) == ask.account]
        remains = {each.key: each.amount for each in ask.remains}
        if not origins or not remains.keys() <= {origin.key for origin in origins}:
            return Outcome(refused=LedgerRefusal.UNKNOWN_ENTRY)
        made = []
        # What was spent comes back before what was earned is taken, so that it can be taken from it.
        for origin in sorted(origins, key=lambda each: each.kind is not PointsKind.REDEEM):
            due = goes_back(abs(origin.amount), remains.get(origin.key, 0), self._gone_back.get(origin.key, 0))
            key = f"{ask.key}/{origin.key}"
            if due and key not in self._postings:
                turn = self._give_back if origin.kind is PointsKind.REDEEM else self._take_back
                made.append(self._write(turn(Posting(
                    key, ask.account, PointsKind.REVERSE, due, origin.rule, ask.day, origin=origin.key))))
        return Outcome(tuple(made))

    def _give_back(self, bare: Posting) -> Posting:
        """Put points paid back into their lots, last taken first; a lot that ends before the grace is made anew."""
        grace = add_days(bare.day, self.rules.grace_days)
        skip, left = self._gone_back.get(bare.origin, 0), bare.amount
        credits_ = []
        for move in reversed(self._postings[bare.origin].moves):
            there = -move.amount
            before = min(skip, there)
            amount = min(there - before, left)
            skip, left = skip - before, left - amount
            lot = self._lots[move.lot_id]
            ends_early = lot.last_day is not None and lot.last_day < grace
            if ends_early or lot.account != bare.account:
                lot = replace(
                    lot, lot_id=f"{bare.key}/{lot.lot_id}", account=bare.account,
                    last_day=grace if ends_early else lot.last_day, left=0)
            if amount:
                credits_.append((lot, amount))
        if left:  # of more than its moves: a claim the lots could not meet, or a receipt that says too much
            credits_.append((self._new_lot(bare, replace(self.rules.terms, pending_days=0), ""), left))
        return self._credit(bare, credits_)

    def _take_back(self, bare: Posting) -> Posting:
        """Claim points earned; those that expired unspent in their own lot count as taken."""
        gone = self._lapsed.get(bare.origin, 0) + sum(
            lot.left for lot in self._lots_of(bare.account)
            if lot.source == bare.origin and lot.past(bare.day))
        lapsed = min(bare.amount, max(0, gone))
        return self._debit(replace(bare, amount=lapsed - bare.amount, lapsed=lapsed))

    def _transfer(self, ask: Transfer) -> Outcome:
        to = self.owner(ask.to)
        if to == ask.account:
            return Outcome(refused=LedgerRefusal.SAME_ACCOUNT)
        moves = self._spend(ask, "")
        if isinstance(moves, LedgerRefusal):
            return Outcome(refused=moves)
        out = Posting(
            ask.key, ask.account, PointsKind.TRANSFER, -ask.amount, "transfer", ask.day, moves,
            approval=ask.approval)
        handed = []
        for move in moves:
            lot = _carried(ask.key, self._lots[move.lot_id], to)
            # With a source of its own: a return of the giver's sale must not reach into the receiver's lots.
            handed.append((replace(lot, source=lot.lot_id, sale=""), -move.amount))
        into = Posting(
            f"{ask.key}/in", to, PointsKind.TRANSFER, ask.amount, "transfer", ask.day, approval=ask.approval)
        return self._written(out, self._credit(into, handed))

    def _merge(self, ask: Merge) -> Outcome:
        into = self.owner(ask.into)
        if into == ask.account:
            return Outcome(refused=LedgerRefusal.SAME_ACCOUNT)
        expired = self.expire(ask.day, ask.account)
        state, lots = self._account(ask.account), self._lots_of(ask.account)
        handed = [(_carried(ask.key, lot, into), lot.left) for lot in lots]
        out = Posting(
            ask.key, ask.account, PointsKind.TRANSFER, -state.balance, "merge", ask.day,
            tuple(Move(lot.lot_id, -lot.left) for lot in lots), into=into, approval=ask.approval)
        incoming = self._credit(
            Posting(f"{ask.key}/in", into, PointsKind.TRANSFER, state.balance, "merge", ask.day,
                    approval=ask.approval),
            handed, state.debt)
        return Outcome(expired + self._written(out, incoming).postings)

    def _taken(self, bare: Posting, out_of: Sequence[Move]) -> Posting:
        """Complete ``bare``, spent already: out of the lots named, then of what was spendable, then as a claim."""
        held = {lot.lot_id: lot for lot in self._lots_of(bare.account)}
        named, due = list[Move](), -bare.amount
        for move in out_of:
            lot = held.get(move.lot_id)
            taken = min(lot.left, move.amount, due) if lot else 0
            if lot and taken > 0:
                named.append(Move(lot.lot_id, -taken))
                held[lot.lot_id], due = replace(lot, left=lot.left - taken), due - taken
        free = [held[lot.lot_id] for lot in self._spendable_lots(bare.account, bare.day, bare.sale)]
        moves = join((*named, *draw(by_expiry(free), due)))
        if moved(moves) == bare.amount and not self._account(bare.account).debt:
            return replace(bare, moves=moves)
        return self._debit(bare)

    def _spend(self, ask: Redeem | Transfer, sale: str) -> tuple[Move, ...] | LedgerRefusal:
        """Draw the whole amount on what is spendable, or say why not."""
        if self._account(ask.account).debt:
            return LedgerRefusal.DEBT
        moves = draw(by_expiry(self._spendable_lots(ask.account, ask.day, sale)), ask.amount)
        return moves if -moved(moves) == ask.amount else LedgerRefusal.NOT_ENOUGH

    def _credit(self, bare: Posting, credits_: Sequence[tuple[Lot, int]], debt: int = 0) -> Posting:
        """Complete ``bare`` so that it fills those lots and pays the account's debt (and ``debt``) at once."""
        held = {lot.lot_id: lot for lot in self._lots_of(bare.account) if not lot.past(bare.day)}
        for lot, amount in credits_:
            there = held.get(lot.lot_id, lot)
            held[lot.lot_id] = replace(there, left=there.left + amount)
        owed = self._account(bare.account).debt + debt
        return replace(
            bare, opened=tuple(replace(lot, left=0) for lot, _ in credits_ if lot.lot_id not in self._lots),
            moves=join((*(Move(lot.lot_id, amount) for lot, amount in credits_),
                        *draw(by_expiry(held.values()), owed))))

    def _debit(self, bare: Posting) -> Posting:
        """Complete ``bare``, a claim: of the origin's lot, then the earliest to expire; the rest by setting."""
        lots = [lot for lot in self._lots_of(bare.account) if not lot.past(bare.day)]
        moves = draw(by_expiry(lots, bare.origin), -bare.amount)
        short = moved(moves) - bare.amount
        if self.rules.shortfall is Shortfall.CLAMP:
            return replace(bare, moves=moves, amount=bare.amount + short, clamped=short)
        return replace(bare, moves=moves)

    def _new_lot(self, ask: Earn | Adjust | Posting, terms: LotTerms, sale: str) -> Lot:
        ends = terms.validity.last_day(ask.day, self.rules.calendar) if terms.validity else None
        return Lot(ask.key, ask.account, ask.key, sale, add_days(ask.day, terms.pending_days), ends)

    def _account(self, account: str) -> _Account:
        return self._accounts.get(account) or _Account()

    def _lots_of(self, account: str) -> list[Lot]:
        """Return the lots of ``account`` that hold something, in the order of posting."""
        return [lot for lot in map(self._lots.__getitem__, self._account(account).lots) if lot.left]

    def _spendable_lots(self, account: str, day: str, sale: str) -> list[Lot]:
        return [lot for lot in self._lots_of(account)
                if lot.spendable(day) and (not sale or lot.sale != sale)]

    def _written(self, *postings: Posting) -> Outcome:
        return Outcome(tuple(map(self._write, postings)))

    def _write(self, posting: Posting) -> Posting:
        """Fold ``posting`` into the state. Raises ``ValueError`` when it cannot follow what is there."""
        account = self._accounts.setdefault(posting.account, _Account())
        lots = {lot.lot_id: lot for lot in posting.opened}
        for move in posting.moves:
            lot = lots.get(move.lot_id) or self._lots[move.lot_id]
            lots[move.lot_id] = replace(lot, left=lot.left + move.amount)
        debt = account.debt + moved(posting.moves) - posting.amount
        if (posting.key in self._postings or debt < 0
                or any(lot.left < 0 for lot in lots.values())):
            message = f"posting {posting.key} does not follow from those before it"
            raise ValueError(message)
        account.lots.extend(lot.lot_id for lot in posting.opened)
        account.balance, account.debt = account.balance + posting.amount, debt
        self._lots |= lots
        self._postings[posting.key] = posting
        self._note(posting)
        return posting

    def _note(self, posting: Posting) -> None:
        """Remember what later requests ask about: sales, merges, what went back, what expired where."""
        if posting.into:
            self._merged[posting.account] = posting.into
            self._accounts.setdefault(posting.into, _Account()).parts.append(posting.account)
        if posting.sale:
            self._sales.setdefault(posting.sale, []).append(posting.key)
        if posting.kind is PointsKind.EARN:
            self._accounts[posting.account].earned.append((posting.day, posting.amount))
        if posting.origin:
            self._note_reverse(posting)
        if posting.kind is PointsKind.EXPIRE:
            for move in posting.moves:
                source = self._lots[move.lot_id].source
                self._lapsed[source] = self._lapsed.get(source, 0) - move.amount

    def _note_reverse(self, posting: Posting) -> None:
        claimed = abs(posting.amount) + posting.lapsed + posting.clamped
        self._gone_back[posting.origin] = self._gone_back.get(posting.origin, 0) + claimed
        self._lapsed[posting.origin] = self._lapsed.get(posting.origin, 0) - posting.lapsed
        if self._postings[posting.origin].kind is PointsKind.EARN:
            self._accounts[posting.account].earned.append((posting.day, -claimed))


def _carried(key: str, lot: Lot, account: str) -> Lot:
    """Return the empty lot by which request ``key`` carries what ``lot`` holds over to ``account``."""
    return replace(lot, lot_id=f"{key}/{lot.lot_id}", account=account, left=0)
