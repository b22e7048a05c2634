"""``stationctl cards``: one card, a list of cards, and a list whose program is killed at any moment."""

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from data.key_places import FilePlace
from tests.rigs.bulk_hand import ROOT, BulkHand
from tests.rigs.issuing_shop import OLD, IssuingShop, hash_of, listed
from tests.rigs.serial_hand import SerialHand, member
from ui.cli import MISUSED, OK, REFUSED, main
from ui.cli_cards import masked

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals"),
]
ROWS = 6


@pytest.fixture
def shop(tmp_path: Path) -> IssuingShop:
    """Give a station with a reader-encoder in its settings, and a list of cards."""
    made = IssuingShop(tmp_path, (FilePlace(),))
    (tmp_path / "station.toml").write_text(
        f'[[readers]]\ndriver = "msr605"\nport = "{tmp_path / "reader"}"\n', encoding="utf-8")
    (tmp_path / "list.csv").write_bytes(listed(ROWS))
    return made


def cards(shop: IssuingShop, *words: str) -> int:
    return main(["cards", words[0], "--home", str(shop.home.folder), *words[1:]])


class Swiper:
    """Swipes the card in hand whenever the encoder waits for it."""

    def __init__(self, hand: SerialHand) -> None:
        self._hand = hand
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._swipe, daemon=True)

    def _swipe(self) -> None:
        while not self._over.wait(0.05):
            self._hand.draw()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def test_one_card_is_written_and_given(shop: IssuingShop, capsys: pytest.CaptureFixture[str]) -> None:
    with SerialHand(shop.home.folder, "--msr") as hand:
        hand.take()
        with Swiper(hand):
            assert cards(shop, "issue", "--form", "stripe", "--member", "m2", "--number", member(5)) == OK
        assert hand.tracks() == ("", f";{member(5)}?", "")
    said = capsys.readouterr()
    assert said.out.splitlines()[-2:] == [
        f"card …{member(5)[-4:]} written and read back (STRIPE)", "given to member m2"]
    assert member(5) not in said.out + said.err
    assert shop.given() == [(hash_of(5), "m2")]


def test_a_number_is_drawn_when_none_is_named(shop: IssuingShop, capsys: pytest.CaptureFixture[str]) -> None:
    with SerialHand(shop.home.folder, "--msr") as hand:
        hand.take()
        with Swiper(hand):
            assert cards(shop, "write", "--form", "stripe") == OK
        assert len(hand.tracks()[1]) == 18
    assert capsys.readouterr().out.endswith("(STRIPE); it is nobody's yet\n")
    assert shop.given() == []


def test_a_card_that_shows_what_it_proves(shop: IssuingShop, capsys: pytest.CaptureFixture[str]) -> None:
    with SerialHand(shop.home.folder, "--msr") as hand:
        hand.take("", f";{member(OLD)}?")
        with Swiper(hand):
            assert cards(shop, "check", "--reader", f"msr605:{hand.path}") == OK
        told = capsys.readouterr().out.splitlines()
        assert told == [
            f"card        …{member(OLD)[-4:]} (STRIPE)", "status      ACTIVE",
            "tier        0 Number card: anyone who sees it can copy it"]
        hand.take("", f";{member(7)}?")
        with Swiper(hand):
            assert cards(shop, "check", "--reader", f"msr605:{hand.path}") == REFUSED
        assert "status      nobody has it" in capsys.readouterr().out
        assert cards(shop, "check", "--reader", f"msr605:{hand.path}", "--seconds", "0.1") == REFUSED
        assert "no card came" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "status", "code"), [
    (("issue", "--form", "tag", "--member", "m99", "--number", member(5)), REFUSED, "(E203)"),
    (("issue", "--form", "stripe", "--member", "m2", "--number", member(OLD)), REFUSED, "(E208)"),
    (("write", "--form", "stripe", "--number", member(5)), REFUSED, "(E127)"),
    (("write", "--form", "stripe", "--number", "12"), MISUSED, "no card number of the club"),
    (("write", "--form", "chip", "--number", member(5)), MISUSED, "use issue"),
    (("bulk", "--form", "stripe", "--list", "nowhere.csv"), MISUSED, "nowhere.csv"),
])
def test_what_cannot_be_done_says_why(
    shop: IssuingShop, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, code: str,
) -> None:
    try:
        assert cards(shop, *words) == status
    except SystemExit as end:
        assert end.code == status  # noqa: PT017 - argparse's way out
    said = capsys.readouterr()
    assert code in said.out + said.err


def test_a_list_with_faults_is_refused_line_by_line(shop: IssuingShop, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop.home.folder / "list.csv"
    path.write_text(f"number,member_id\n{member(1)},m99\n12,m1\n", encoding="utf-8")
    assert cards(shop, "bulk", "--form", "stripe", "--list", str(path)) == MISUSED
    assert capsys.readouterr().out.splitlines() == [
        "line 2: no member has this id", "line 3: this is no card number of the club"]


def test_never_more_than_four_digits_are_told() -> None:
    assert (masked("9364000000000076"), masked("1234"), masked("")) == ("…0076", "…", "…")


@pytest.mark.slow
def test_a_list_killed_at_any_moment_gives_every_card_once(shop: IssuingShop) -> None:
    chance = random.Random(20261126)  # noqa: S311 - made to be the same each time
    with SerialHand(shop.home.folder, "--msr") as hand:
        person = BulkHand(shop.home.folder, hand)
        for _ in range(6):
            status, _ = person.run(chance.randint(1, 9), chance.choice((None, 0.0, 0.005, 0.02, 0.1)))
            assert status in {OK, -signal.SIGKILL}
        status, lines = person.run()
        person.put_away()
    assert status == OK, lines
    assert lines[-1].endswith("0 failed, 0 left")
    assert sorted(person.pile) == sorted(member(i) for i in range(1, ROWS + 1))
    assert sorted(shop.given()) == sorted((hash_of(i), f"m{i}") for i in range(1, ROWS + 1))


def test_control_c_writes_the_card_in_hand_to_its_end(shop: IssuingShop) -> None:
    command = [
        sys.executable, "-m", "ui.cli", "cards", "bulk", "--home", str(shop.home.folder), "--form", "stripe",
        "--list", str(shop.home.folder / "list.csv")]
    with SerialHand(shop.home.folder, "--msr") as hand:
        hand.take()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            lines = []
            for line in program.stdout:
                lines.append(line.rstrip())
                if "read back" in line:
                    hand.draw()
                    continue
                if line.startswith("line 3"):
                    program.send_signal(signal.SIGINT)
                elif "Swipe" in line:
                    hand.draw()
            assert program.wait(20) == REFUSED
    assert lines[-1] == f"1 given now, 0 before, 0 failed, {ROWS - 1} left"
    assert shop.given() == [(hash_of(1), "m1")]
