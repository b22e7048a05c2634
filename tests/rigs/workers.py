"""The suite on several processes (pytest-xdist): who runs what, and what each has to tell at the end."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

LONG = ("pcsc", "tests/ui/test_fit.py", "tests/ui/test_pictures.py")
"""What takes longest, longest first: begun late, one process would wait for another at the end.

What draws hundreds of windows takes many times as long in a process that has made thousands before.
"""

_told: dict[tuple[str, str], list[str]] = {}


class Shares(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a file to one process, so that its set-up is made once, and a group to one, wherever its tests are.

    Long shares go first; after those a process stays in its folder while it can, for the set-up of a folder is
    made once in each process that has tests of it.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        """Keep the order of the collection."""
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._folders: dict[WorkerController, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        group = nodeid.rpartition("@")[2] if nodeid.rfind("@") > nodeid.rfind("]") else ""
        return group or nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        share = self._next(self._folders.get(node, ""))
        self._folders[node] = share.rpartition("/")[0]
        self.workqueue.move_to_end(share, last=False)
        super()._assign_work_unit(node)

    def _next(self, folder: str) -> str:
        waiting: list[str] = list(self.workqueue)
        others = {each for node, each in self._folders.items() if each != folder}

        def place(share: str) -> tuple[int, bool, bool]:
            """Long ones, then those of the folder, then those of a folder where nobody is."""
            long = LONG.index(share) if share in LONG else len(LONG)
            own = share.rpartition("/")[0]
            return long, own != folder, own in others
        return min(waiting, key=place)


def group(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name what shares a thing of which the machine has one: the service with the virtual reader."""
    if hasattr(config, "workerinput"):
        for item in items:
            if item.get_closest_marker("pcsc"):
                item.add_marker(pytest.mark.xdist_group("pcsc"))


def is_first(config: pytest.Config) -> bool:
    """Whether this process is the only one, or the first of several: it tells what all of them know."""
    return str(getattr(config, "workerinput", {}).get("workerid", "gw0")) == "gw0"


def tell(title: str, line: str, under: str = "") -> None:
    """Print ``line`` at the end of the run, in the part called ``title``, below a heading."""
    _told.setdefault((title, under), []).append(line)


def hand_over(config: pytest.Config) -> None:
    """Give the process that prints what this one was told."""
    if hasattr(config, "workeroutput"):
        config.workeroutput["told"] = _told


def take_over(node: WorkerController) -> None:
    """Take what a process that has ended was told; one that died tells nothing."""
    for (title, under), lines in getattr(node, "workeroutput", {}).get("told", {}).items():
        for line in lines:
            tell(title, line, under)


def print_told(reporter: pytest.TerminalReporter) -> None:
    """Print all that was told."""
    for (title, under), lines in _told.items():
        reporter.section(title)
        for line in ([under] if under else []) + lines:
            reporter.write_line(line)
