"""Head office as in production: gunicorn with several processes and the projector beside it, on one folder."""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import requests
import urllib3

from ui.demo.office import STOP_S, Office

READY_S = 60


class ProductionOffice(Office):
    """An ``Office`` that is served by gunicorn."""

    def __init__(self, home: Path, workers: int = 2, *, projects: bool = True) -> None:
        super().__init__(home)
        self.workers = workers
        self.projects = projects
        self._served: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Serve, and return when it is ready."""
        environment = {**os.environ, "HEADOFFICE_HOME": str(self.home)}
        with (self.home / "gunicorn.log").open("ab") as log:
            commands = [[
                sys.executable, "-m", "gunicorn", "--config", "python:headoffice.production",
                "--workers", str(self.workers), "--bind", f"127.0.0.1:{self.port}"]]
            if self.projects:
                commands.append([sys.executable, "-m", "headoffice.main", "work"])
            self._served = [
                subprocess.Popen(command, env=environment, stdout=log, stderr=log) for command in commands]
        try:
            self.wait_ready()
        except RuntimeError:
            self.stop()
            raise

    def wait_ready(self) -> None:
        """Return when it says that it is ready; raises ``RuntimeError`` with its log when it does not."""
        deadline, said = time.monotonic() + READY_S, ""
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < deadline and self._served[0].poll() is None:
                try:
                    answer = session.get(f"{self.url}/readyz", verify=str(self.home / "ca.pem"), timeout=5)
                    if answer.status_code == 200:
                        return
                    said = answer.text
                except (OSError, urllib3.exceptions.HTTPError) as fault:
                    said = str(fault)
                time.sleep(0.1)
        message = f"head office is not ready: {said}; {(self.home / 'gunicorn.log').read_text('utf-8')[-3000:]}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """Stop serving; the data stays."""
        for process in self._served:
            process.terminate()
        for process in self._served:
            process.wait(STOP_S)
        self._served = []

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut would: gunicorn's workers outlive a master that is killed.

        It returns when all are gone. A worker that is still dying would reset who asks next in the
        middle of a handshake, where Python 3.11's ``SSLSocket._create`` forgets to close its socket.
        """
        pids = [process.pid for process in self._served]
        for pid in pids.copy():
            pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split())
        with ExitStack() as opened:
            dying = []
            for pid in pids:
                with suppress(ProcessLookupError):  # a worker that noticed first
                    dying.append(os.pidfd_open(pid))
                    opened.callback(os.close, dying[-1])
            for each in dying:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(each, signal.SIGKILL)
            for each in dying:
                if not select.select([each], [], [], STOP_S)[0]:
                    message = "a process of head office lives on"
                    raise RuntimeError(message)
        for process in self._served:
            process.wait(STOP_S)
        self._served = []
