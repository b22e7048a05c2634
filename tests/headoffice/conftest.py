"""One head office for all tests of this folder, its database put back before each.

Django must stand before a test file can import a model, so it is bootstrapped while pytest collects,
the way the program does it.
"""

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from headoffice import database, main

MEMBERS = 30
GOODS = 12
HOME = Path(tempfile.mkdtemp(prefix="headoffice-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
ENVIRONMENT = dict(os.environ)
# ``test_postgres`` runs tests of this folder a second time, in a process that keeps its books there.
database.choose(HOME, os.environ.get("HEADOFFICE_TEST_DATABASE", ""))
main.create(HOME)
# Django sets the process's time zone, and bootstrap its own variables; other tests keep theirs.
os.environ.clear()
os.environ.update(ENVIRONMENT)
time.tzset()

from headoffice import demo  # noqa: E402
from headoffice.stations.models import Station  # noqa: E402
from tests.headoffice.kept import Kept, kept  # noqa: E402
from tests.headoffice.shop import Till  # noqa: E402
from tests.rigs import postgres  # noqa: E402


@pytest.fixture(scope="session")
def template() -> Kept:
    """A database that holds just the demo club."""
    demo.seed(MEMBERS, GOODS, 0)
    club = kept(HOME)
    club.keep()
    return club


@pytest.fixture
def office(template: Kept) -> Iterator[Path]:
    """The folder of a head office that holds just the demo club."""
    template.put_back()
    yield HOME
    template.clear()


@pytest.fixture
def till(office: Path) -> Till:
    """A paired station of shop 12 whose journal holds its first entry, nothing sent."""
    assert office.exists()
    till = Till("12-1")
    Station.objects.create(id="12-1", shop="12", public_key=till.public, paired_us=0)
    return till


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server for the tests that want one."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL's programs are not here: make system-test")
    with postgres.running() as server:
        yield server
