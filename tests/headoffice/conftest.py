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

from headoffice import main

MEMBERS = 30
GOODS = 12
HOME = Path(tempfile.mkdtemp(prefix="headoffice-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
ENVIRONMENT = dict(os.environ)
main.create(HOME)
# Django sets the process's time zone, and bootstrap its own variables; other tests keep theirs.
os.environ.clear()
os.environ.update(ENVIRONMENT)
time.tzset()

from django.db import connections  # noqa: E402

from headoffice import demo  # noqa: E402
from headoffice.stations.models import Station  # noqa: E402
from tests.headoffice.shop import Till  # noqa: E402


@pytest.fixture(scope="session")
def template() -> Path:
    """A database that holds just the demo club, closed."""
    demo.seed(MEMBERS, GOODS, 0)
    connections.close_all()
    kept = HOME / "template"
    shutil.copy(HOME / main.DATABASE, kept)
    return kept


@pytest.fixture
def office(template: Path) -> Iterator[Path]:
    """The folder of a head office that holds just the demo club."""
    shutil.copy(template, HOME / main.DATABASE)
    yield HOME
    connections.close_all()
    for end in ("", "-wal", "-shm"):
        (HOME / f"{main.DATABASE}{end}").unlink(missing_ok=True)


@pytest.fixture
def till(office: Path) -> Till:
    """A paired station of shop 12 whose journal holds its first entry, nothing sent."""
    assert office.exists()
    till = Till("12-1")
    Station.objects.create(id="12-1", shop="12", public_key=till.public, paired_us=0)
    return till
