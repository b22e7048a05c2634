"""What every test shares: an offscreen Qt, a state folder of its own, and the promise that nothing is skipped on CI."""

import itertools
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.workermanage import WorkerController

from tests.rigs import workers

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Whoever runs the tests on a desktop keeps their key store for themselves.
os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)

# No deadline: machines are noisy, and slowness is what the benchmarks are for.
settings.register_profile("suite", deadline=None)
settings.register_profile("full", deadline=None, max_examples=3000)
settings.load_profile("full" if os.environ.get("CARD_STATION_FULL") else "suite")


_numbers = itertools.count()


@pytest.fixture(autouse=True, scope="session")
def _no_real_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the witnesses of all tests out of the developer's folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
        yield


@pytest.fixture(autouse=True)
def _own_state(_no_real_state: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each test's witnesses apart from those of others."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / f"state-{next(_numbers)}"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the reader for the tests on hardware."""
    parser.addoption("--reader", help="a device path, as stationctl readers prints it, for -m hardware")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> workers.Shares:
    """Share the suite out among several processes."""
    return workers.Shares(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together what can only be done by one process at a time."""
    workers.group(config, items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what is to be printed at the end."""
    workers.hand_over(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Take over what a process that ends has to print."""
    workers.take_over(node)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables of the suite."""
    workers.print_told(terminalreporter)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None],
) -> Iterator[None]:
    """Turn a skip into a failure on CI: there everything a test needs is installed."""
    report = yield
    if os.environ.get("CI") and isinstance(report, pytest.TestReport) and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not be skipped on CI: {call.excinfo}"
    return report
