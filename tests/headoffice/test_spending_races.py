"""Many ask for the last points at once, in threads and in processes: what there is is given once."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from headoffice.clock import now_us
from headoffice.projector.project import Projector
from headoffice.refusal import RefusalError
from headoffice.spending.check import check
from headoffice.spending.models import Reservation
from tests.headoffice.spending import AT, POINTS, Desk, balance, desk, give, new_id, standing, written_off

ROOT = Path(__file__).parents[2]
PROCESS = """
import json, sys
from pathlib import Path
from headoffice import main
home, station, at_us, *names = json.loads(sys.argv[1])
main.bootstrap(Path(home))
from headoffice.refusal import RefusalError
from headoffice.spending import reservations
from headoffice.stations.models import Station
from station.leases import AccountKind
from sync.wire_spending import Reserve
who, taken = Station.objects.get(id=station), 0
sys.stdin.readline()
for name in names:
    try:
        reservations.reserve(who, Reserve(reservation_id=name, kind=AccountKind.POINTS, account="m", amount=10, hold_s=60), at_us)
        taken += 1
    except RefusalError as refusal:
        assert refusal.problem.available == 0, refusal
print(taken)
"""


@pytest.fixture
def desks(office: Path) -> list[Desk]:
    """Two tills; member m has 100 points."""
    assert office.exists()
    give("m", 100)
    return [desk(1, AT), desk(2, AT)]


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of ``works`` in threads that start together; return what each came to, or its refusal."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(i: int) -> None:
        gate.wait()
        try:
            results[i] = works[i]()
        except RefusalError as refusal:
            results[i] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_last_points_are_reserved_once(desks: list[Desk]) -> None:
    results = at_once([lambda i=i: desks[i % 2].reserve(10) for i in range(16)])  # type: ignore[misc] # bound now
    refusals = [each for each in results if isinstance(each, RefusalError)]
    assert (len(refusals), {each.problem.available for each in refusals}) == (6, {0})
    assert (standing(), check()) == ((100, 0, 100, 0), [])


def test_the_same_reservation_at_once_is_one(desks: list[Desk]) -> None:
    name = new_id(AT)
    results = at_once([lambda: desks[0].reserve(60, reservation_id=name)] * 8)
    assert all(each == results[0] for each in results)
    assert Reservation.objects.count() == 1
    assert standing() == (100, 0, 60, 40)


def test_one_id_for_two_accounts_at_once_is_one_of_them(desks: list[Desk]) -> None:
    give("n", 100)
    name = new_id(AT)
    results = at_once([
        lambda account=account: desks[0].reserve(60, account, reservation_id=name) for account in "mn" * 4])  # type: ignore[misc] # bound now
    assert sum(isinstance(each, RefusalError) for each in results) == 4
    assert Reservation.objects.count() == 1


def test_leases_reservations_and_sales_at_once_take_what_there_is_and_no_more(desks: list[Desk]) -> None:
    for each in desks:
        each.till.projects = False
        each.sell(60)

    def project() -> None:
        for _ in range(4):
            Projector().drain(now_us(), 1)

    at_once([
        *[lambda each=each: each.ask((POINTS, "m")) for each in desks],
        *[lambda each=each: each.reserve(10) for each in desks * 3],
        project, project])
    Projector().drain(now_us())
    held, leased, reserved, _ = standing()
    assert held - leased - reserved >= 0
    # 120 were spent: the club bears what was set aside for others, or was not there
    assert balance() == 100 - 120 + sum(lost for lost, _ in written_off())
    assert check() == []


def test_processes_share_the_last_points_too(desks: list[Desk]) -> None:
    asked = [json.dumps([str(settings.HOME), each.station.id, AT, *(new_id(AT) for _ in range(8))]) for each in desks * 2]
    running = [subprocess.Popen(
        [sys.executable, "-c", PROCESS, one], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for one in asked]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    taken = [int(process.communicate()[0]) for process in running]
    assert sum(taken) == 10
    assert [process.returncode for process in running] == [0] * 4
    assert (standing(), check()) == ((100, 0, 100, 0), [])
