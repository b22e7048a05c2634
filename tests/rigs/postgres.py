"""A PostgreSQL server of our own: Debian's binaries, a data folder in /tmp; it can be killed like by a power cut.

PostgreSQL refuses to run as root, so root lends it the user ``postgres`` that the package makes.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from ui.demo.office import free_port

OWNER = "postgres"
USER = "office"
START_S = 60


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Server:
    """A server on a loopback port and a socket in its folder; ``start`` before anything else."""

    def __init__(self, *, durable: bool = True) -> None:
        """Make the data folder, in the C locale as head office wants it; ``durable``: with fsync, as it comes."""
        self._durable = durable
        programs = binaries()
        assert programs is not None
        self._programs = programs
        self._owner = OWNER if sys.platform != "win32" and os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        self._password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        word = self.folder / "password"
        word.write_text(self._password, "utf-8")
        if self._owner:
            shutil.chown(self.folder, self._owner)
            shutil.chown(word, self._owner)
        subprocess.run(
            [programs / "initdb", "--pgdata", self.folder / "data", "--username", USER, "--pwfile", word,
             "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"],
            check=True, capture_output=True, user=self._owner, cwd=self.folder)

    def url(self, name: str = "postgres") -> str:
        """The address of database ``name``."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start, and return when it takes connections; after a kill that is when it has recovered."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process is None:
                with (self.folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(
                        [self._programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder,
                         "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
                         "-c", f"fsync={'on' if self._durable else 'off'}"],
                        stdout=subprocess.DEVNULL, stderr=log, user=self._owner, cwd=self.folder)
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                # Refused while it recovers, and ended when processes of the one before are still leaving.
                if self._process.poll() is not None:
                    self._process = None
                time.sleep(0.05)
            else:
                return
        message = f"PostgreSQL did not start: {(self.folder / 'log').read_text('utf-8')[-2000:]}"
        raise RuntimeError(message)

    def kill(self) -> None:
        """Kill the server and every process of it at once, as a power cut would."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("ascii").split()
        for pid in (self._process.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """Stop at once but orderly, and forget the data."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(START_S)
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program: str, *words: str | Path) -> None:
        """Run another of PostgreSQL's programs; raises ``subprocess.CalledProcessError`` when it fails."""
        subprocess.run([self._programs / program, *words], check=True, capture_output=True)

    def create(self, name: str, template: str = "template0") -> str:
        """Make database ``name`` as a copy of ``template``, in place of one by that name; return its address."""
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            copy_database(connection, template, name)
        return self.url(name)


def copy_database(connection: "psycopg.Connection[tuple[object, ...]]", template: str, name: str) -> None:
    """Make database ``name`` as a copy of ``template``, in place of one by that name."""
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**names))
    connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))


@contextmanager
def running(*, durable: bool = True) -> Iterator[Server]:
    """A server for as long as the block lasts."""
    server = Server(durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()
