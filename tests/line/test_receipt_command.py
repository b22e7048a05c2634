"""``stationctl receipt``: a copy of a sale's receipt as a PDF."""

from pathlib import Path

import pytest

from tests.line.conftest import Line
from tests.line.test_line import ring_up
from ui.cli import main
from ui.wiring import make_counter

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("qapp")
def test_a_receipt_becomes_a_pdf(line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(line.home.folder)]
    assert main(["receipt", *home, "--pdf", str(tmp_path / "r.pdf")]) == 1
    assert "no sale yet" in capsys.readouterr().out
    seq = ring_up(make_counter(line.who.enrolment, line.memory), line.memory)
    assert main(["receipt", *home, "--pdf", str(tmp_path / "r.pdf")]) == 0
    content = (tmp_path / "r.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"Vazirmatn" in content
    assert f"entry {seq}" in capsys.readouterr().out
    assert main(["receipt", *home, "--pdf", str(tmp_path / "x.pdf"), "--seq", "1"]) == 1
    assert "entry 1 is not a sale" in capsys.readouterr().out
    assert main(["receipt", *home, "--pdf", str(tmp_path / "no" / "r.pdf")]) == 1
    assert "E601" in capsys.readouterr().err
