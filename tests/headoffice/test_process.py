"""The program itself, as a process: made, seeded, paired, served, asked, stopped."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.core.management import call_command
from django.db import connection

from data.sealed import seal, unseal
from headoffice import keys, main, sqlite_engine

FIXED = (3, 51, 3)


def run(home: Path, *words: str, entered: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "headoffice.main", words[0], "--home", str(home), *words[1:]],
        input=entered, capture_output=True, text=True, check=False, timeout=60, encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("process") / "office"
    first = run(folder, "init")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith(f"{folder / 'recovery.key'} opens the data of any station")
    assert "Take it off this computer" in first.stdout
    for words in (["init"], ["seed-demo", "--members", "20", "--goods", "8"]):
        done = run(folder, *words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@pytest.fixture
def served(home: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "headoffice.main", "serve", "--home", str(home), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    yield line.removeprefix("ready on ").strip(), process
    process.kill()
    process.communicate()


def test_it_serves_until_it_is_told_to_end(home: Path, served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    assert url.startswith("https://127.0.0.1:")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(home / "ca.pem")
        answer = session.get(f"{url}/healthz", timeout=10)
        assert (answer.status_code, answer.text) == (200, "ok")
        assert int(answer.headers["Server-Time-Us"]) > 0
        assert session.get(f"{url}/static/unfold/css/styles.css", timeout=10).status_code == 200
        assert session.get(url, timeout=10).url.startswith(f"{url}/console/login/")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_only_the_owner_may_read_the_keys(home: Path) -> None:
    for name in ("secret.key", "office.key", "card.key", "recovery.key", "recovery.pub"):
        assert (home / name).stat().st_mode & 0o777 == 0o600
        assert len((home / name).read_bytes()) == 32


def test_the_recovery_keys_are_a_pair_and_the_private_one_may_go(tmp_path: Path) -> None:
    assert keys.create(tmp_path) == tmp_path / "recovery.key"
    private = (tmp_path / "recovery.key").read_bytes()
    public = keys.load(tmp_path).recovery
    assert unseal(seal(bytes(range(32)), public), private) == bytes(range(32))
    (tmp_path / "recovery.key").unlink()
    before = keys.load(tmp_path)
    assert keys.create(tmp_path) is None
    assert (keys.load(tmp_path), (tmp_path / "recovery.key").exists()) == (before, False)


def test_a_private_recovery_key_is_never_replaced(tmp_path: Path) -> None:
    keys.create(tmp_path)
    private = (tmp_path / "recovery.key").read_bytes()
    public = (tmp_path / "recovery.pub").read_bytes()
    (tmp_path / "recovery.pub").unlink()  # as a power cut between the two would leave it
    assert keys.create(tmp_path) == tmp_path / "recovery.key"
    assert ((tmp_path / "recovery.key").read_bytes(), (tmp_path / "recovery.pub").read_bytes()) == (private, public)


def test_a_code_is_printed_for_a_shop_that_is_there(home: Path) -> None:
    done = run(home, "pair", "--shop", "12")
    assert (done.returncode, len(done.stdout.strip().replace("-", ""))) == (0, 25)
    unknown = run(home, "pair", "--shop", "13")
    assert (unknown.returncode, unknown.stdout, unknown.stderr) == (2, "", "there is no shop 13\n")


def test_reports_are_json(home: Path) -> None:
    report = json.loads(run(home, "report", "--date", "2026-11-22", "--station", "12-1", "--json").stdout)
    assert (report["station"], report["sales"], len(report["hours"])) == ("12-1", 0, 24)
    assert json.loads(run(home, "sales", "--date", "2026-11-22").stdout) == []


def test_a_user_is_made_with_a_piped_password(home: Path) -> None:
    assert run(home, "createuser", "--username", "mina", entered="a long password\n").returncode == 0
    assert run(home, "createuser", "--username", "nobody", entered="").returncode == 2


def test_an_office_is_seeded_once_and_not_without_being_made(home: Path, tmp_path: Path) -> None:
    assert run(home, "seed-demo").returncode == 2
    missing = run(tmp_path, "serve")
    assert missing.returncode == 2
    assert "headoffice init" in missing.stderr


def test_importing_the_program_needs_no_django() -> None:
    code = "import sys, headoffice.main; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_django_runs_on_the_bundled_sqlite_with_safe_settings(office: Path) -> None:
    assert office.exists()
    with connection.cursor() as cursor:
        settings = [cursor.execute(question).fetchone()[0] for question in (
            "SELECT sqlite_version()", "PRAGMA journal_mode", "PRAGMA synchronous", "PRAGMA recursive_triggers")]
    assert tuple(map(int, settings[0].split("."))) >= FIXED
    assert settings[1:] == ["wal", 2, 1]
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_the_standard_library_keeps_its_sqlite() -> None:
    import sqlite3

    assert sqlite3.__name__ == "sqlite3"
    sqlite_engine.install()
    assert sys.modules["sqlite3"] is sqlite3


def test_the_bundled_sqlite_cannot_come_too_late() -> None:
    code = ("import django.db.backends.sqlite3.base, headoffice.sqlite_engine as engine\n"
            "try: engine.install()\nexcept RuntimeError: print('refused')")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n"


def test_no_model_changed_without_a_migration(office: Path) -> None:
    assert office.exists()
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_parser_knows_where_home_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(main.HOME_VARIABLE, str(tmp_path / "nowhere"))
    assert main.main(["report", "--date", "2026-11-22"]) == 2
