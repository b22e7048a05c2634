"""Planted bugs: the real code with one mistake, one for each invariant, to show that the simulator finds it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import connection

from headoffice.refusal import RefusalError
from station.errors import ErrorCode, StationError
from station.totals import Tally, Total
from sync.wire import PROTOCOL, Hello, ProblemCode, Receipt, Welcome

if TYPE_CHECKING:
    from tests.simulator.office import Office, Parcel, Reply
    from tests.simulator.till import Till


@dataclass(frozen=True)
class Plant:
    """No mistake at all; the base of those there are. ``finds`` is what the finding must say."""

    name: str = ""
    finds: str = ""

    @contextmanager
    def at_head_office(self) -> Iterator[None]:
        """Put the mistake into head office's code for the time of a run."""
        yield

    def answered(self, office: "Office", parcel: "Parcel", answer: Callable[["Parcel"], "Reply"]) -> "Reply":
        """Put it around head office's answer."""
        del office
        return answer(parcel)

    def line(self, office: Any) -> Any:
        """Put it between a station's sync and its line."""
        return office

    def opened(self, till: "Till") -> None:
        """Put it into a station's program that has just started."""


class AnswersFirst(Plant):
    """Head office answers before the batch is durable, and now and then the power fails in between."""

    def answered(self, office: "Office", parcel: "Parcel", answer: Callable[["Parcel"], "Reply"]) -> "Reply":
        if parcel.method != "PUT":
            return answer(parcel)
        before = Path(f"{office.database}.before")
        office.backup(before)
        reply = answer(parcel)
        if reply.status == 200 and office.time.us % 3 == 0:
            office.swap(before)
        return reply


class SkipsForks(Plant):
    """Head office says "already loaded" of every place that it has, whatever is there."""

    @contextmanager
    def at_head_office(self) -> Iterator[None]:
        views: Any = import_module("headoffice.api.journal")
        welcome, receive = views.welcome, views.receive

        def skipping_welcome(station: Any, said: Hello, now_us: int) -> Welcome:
            try:
                answered: Welcome = welcome(station, said, now_us)
            except RefusalError as refusal:
                _only_forks(refusal)
                return Welcome(protocol=PROTOCOL, acknowledged=said.seq, head=said.head, server_time_us=now_us)
            return answered

        def skipping_receive(station: Any, head: Any, *rest: Any) -> Any:
            try:
                return receive(station, head, *rest)
            except RefusalError as refusal:
                _only_forks(refusal)
                return msgspec.json.encode(Receipt(
                    incarnation=head.incarnation, acknowledged=head.last, head=head.head, accepted=0,
                    duplicates=head.last - head.first + 1, quarantined=()))

        views.welcome, views.receive = skipping_welcome, skipping_receive
        try:
            yield
        finally:
            views.welcome, views.receive = welcome, receive


class LosesAlarms(Plant):
    """Head office keeps no alarm of a fork."""

    def answered(self, office: "Office", parcel: "Parcel", answer: Callable[["Parcel"], "Reply"]) -> "Reply":
        del office
        reply = answer(parcel)
        connection.connection.execute("DELETE FROM intake_alarm")
        return reply


class DoublesDuplicates(Plant):
    """A batch that comes again moves the balances again."""

    def answered(self, office: "Office", parcel: "Parcel", answer: Callable[["Parcel"], "Reply"]) -> "Reply":
        del office
        before = _count("intake_entry")
        reply = answer(parcel)
        if parcel.method == "PUT" and reply.status == 200 and _count("intake_entry") == before:
            connection.connection.execute("UPDATE ledger_balance SET points = points + 10 WHERE points > 0")
        return reply


class PostsTwice(Plant):
    """Head office posts a sale once more under another name when its batch comes again."""

    def answered(self, office: "Office", parcel: "Parcel", answer: Callable[["Parcel"], "Reply"]) -> "Reply":
        del office
        before = _count("intake_entry")
        reply = answer(parcel)
        if parcel.method == "PUT" and reply.status == 200 and _count("intake_entry") == before:
            columns = [row[1] for row in connection.connection.execute("PRAGMA table_info(ledger_sale)")]
            values = ", ".join("sale_id || '-'" if each == "sale_id" else each for each in columns)
            connection.connection.execute(
                f"INSERT OR IGNORE INTO ledger_sale ({', '.join(columns)}) SELECT {values} FROM ledger_sale LIMIT 1")  # noqa: S608 - our names
        return reply


class ShortReport(Plant):
    """The Z report leaves a sale's tax out."""

    def opened(self, till: "Till") -> None:
        journal: Any = till.files.journal
        totals = journal.totals
        journal.totals = lambda shift: tuple(
            Total(each.tally, each.name, each.amount - 1) if each.tally is Tally.TOTAL else each for each in totals(shift))


class GrantsTwice(Plant):
    """Head office forgets what it has leased, and leases it again to the next who asks."""

    def answered(self, office: "Office", parcel: "Parcel", answer: Callable[["Parcel"], "Reply"]) -> "Reply":
        del office
        reply = answer(parcel)
        if "/leases/" in parcel.url:
            connection.connection.execute("UPDATE spending_account SET leased = 0")
        return reply


class NeverAgain(Plant):
    """A station that was refused once, for a gap or a fork, sends nothing any more."""

    def line(self, office: Any) -> Any:
        return _Offended(office)


class CountsTwice(Plant):
    """The feed says that it counts fewer of the station's own entries than it does."""

    def line(self, office: Any) -> Any:
        return _Behind(office)


class _Around:
    def __init__(self, office: Any) -> None:
        self.office = office

    def __getattr__(self, name: str) -> Any:
        return getattr(self.office, name)


class _Offended(_Around):
    offended = False

    def put_batch(self, *batch: Any) -> Any:
        if self.offended:
            raise StationError(ErrorCode.HEAD_OFFICE_REFUSED)
        try:
            return self.office.put_batch(*batch)
        except StationError as fault:
            self.offended = fault.detail.get("status") == 409
            raise


class _Behind(_Around):
    def members_page(self, *place: Any) -> Any:
        page = self.office.members_page(*place)
        return msgspec.structs.replace(page, projected=max(page.projected - 2, 0))


def _count(table: str) -> int:
    return int(connection.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our names


def _only_forks(refusal: RefusalError) -> None:
    if refusal.problem.code is not ProblemCode.FORK:
        raise refusal


PLANTS = (
    AnswersFirst("answers-first", "lost: "),
    PostsTwice("posts-twice", "doubled: "),
    DoublesDuplicates("doubles-duplicates", "ledger: the balance"),
    ShortReport("short-report", "report: "),
    GrantsTwice("grants-twice", "overdraft: "),
    NeverAgain("never-again", "stalled: "),
    SkipsForks("skips-forks", "lost: "),
    LosesAlarms("loses-alarms", "fork: no alarm"),
    CountsTwice("counts-twice", "feed: "))
"""One for each invariant, and more. What finds it is what the finding begins with."""
