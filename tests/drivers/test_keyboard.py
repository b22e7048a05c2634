"""The keyboard decoder: which keys are a swipe, which a code, and which somebody's typing."""

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.catalogue import survey
from drivers.club_profile import ClubProfile
from drivers.port import Device
from drivers.readers.keyboard import (
    DRIVER,
    READER,
    Code,
    Fate,
    KeyboardDecoder,
    KeyboardProfile,
    Result,
    Stroke,
)
from drivers.scan_codes import CHARACTERS
from drivers.track_frames import WedgeProfile
from drivers.tracks import ABA, Track
from station.card import Evidence, Medium, Tap
from station.errors import ErrorCode, StationError

KEYS = {character: key for key, character in reversed(CHARACTERS.items())}
CLUB = ClubProfile(Track.TWO, "9364", (16,))
CARD = "9364000000000017"
SWIPE = f";{CARD}=0042?\r"
BANK_SWIPE = "%B4111111111111111^SHAH/RIAR^1803101000000000020000831000000?;4111111111111111=1803101000020000831?\r"
HUMAN_MS, READER_MS = 100, 5
STRIPE = Tap(READER, Medium.STRIPE, CARD, Evidence.TRACK)
PRINTED = Tap(READER, Medium.BARCODE, CARD, Evidence.CODE)
ESCAPE, SHIFT = 1, 42


@dataclass
class Till:
    """What stands between the keys and the field: does as the decoder says."""

    decoder: KeyboardDecoder = field(default_factory=lambda: KeyboardDecoder(CLUB))
    now_ms: int = 1000
    results: list[Result] = field(default_factory=list)
    held: list[Stroke] = field(default_factory=list)
    delivered: list[Stroke] = field(default_factory=list)

    def type(self, text: str, gap_ms: int = READER_MS) -> None:
        for character in text:
            self.now_ms += gap_ms
            self.press(*KEYS[character])

    def press(self, code: int, shift: bool = False, repeat: bool = False) -> None:  # noqa: FBT001, FBT002
        for down in (True, False):
            self.feed(Stroke(code, shift, self.now_ms % 2**32, down, repeat))

    def feed(self, stroke: Stroke) -> None:
        step = self.decoder.key(stroke)
        self._settle(step.held)
        if step.result is not None:
            self.results.append(step.result)
        if step.this is Fate.HOLD:
            self.held.append(stroke)
        elif step.this is Fate.PASS:
            self.delivered.append(stroke)

    def wait(self) -> None:
        """Let so much time pass that no burst goes on."""
        self.now_ms += 1000
        step = self.decoder.end()
        self._settle(step.held)
        if step.result is not None:
            self.results.append(step.result)

    def _settle(self, fate: Fate) -> None:
        if fate is Fate.PASS:
            self.delivered += self.held
        if fate is not Fate.HOLD:
            self.held.clear()

    @property
    def text(self) -> str:
        return "".join(CHARACTERS.get((each.code, each.shift), "") for each in self.delivered if each.press)

    @property
    def codes(self) -> list[ErrorCode]:
        return [each.code for each in self.results if isinstance(each, StationError)]


@pytest.fixture
def till() -> Till:
    return Till()


def with_wedge(wedge: WedgeProfile) -> Till:
    return Till(KeyboardDecoder(CLUB, KeyboardProfile(wedge)))


@pytest.mark.parametrize(("typed", "result"), [
    (SWIPE, STRIPE),
    (f"%CLUB^ALI/REZA?{SWIPE}", STRIPE),
    (f"%club^ali/reza?{SWIPE}", STRIPE),
    (SWIPE.replace("\r", "\t"), STRIPE),
    (SWIPE.replace("\r", ""), STRIPE),
    (f"%E?{SWIPE}", STRIPE),
    (f"{CARD}\r", PRINTED),
    ("4006381333931\r", Code("4006381333931")),
    ("4006381333931\t", Code("4006381333931")),
    ("https://Club.example/m?c=7\r", Code("https://Club.example/m?c=7")),
    ("123456\r", Code("123456")),
], ids=str)
def test_a_burst_is_taken_whole_and_no_key_of_it_delivered(till: Till, typed: str, result: Result) -> None:
    till.type(typed)
    till.wait()
    assert till.results == [result]
    assert till.delivered == till.held == []


@pytest.mark.parametrize(("typed", "code"), [
    (BANK_SWIPE, ErrorCode.CARD_IS_BANK_CARD),
    (BANK_SWIPE.removesuffix("\r"), ErrorCode.CARD_IS_BANK_CARD),
    (BANK_SWIPE.strip("%;"), ErrorCode.CARD_IS_BANK_CARD),
    (";6037991234567893=2512?\r", ErrorCode.CARD_IS_BANK_CARD),
    ("6037991234567893\r", ErrorCode.CARD_IS_BANK_CARD),
    ("6037991234567893", ErrorCode.CARD_IS_BANK_CARD),
    (";9999000000000017=0042?\r", ErrorCode.CARD_NOT_OF_CLUB),
    ("%CLUB^ALI/REZA?;E?\r", ErrorCode.CARD_UNREADABLE),
    (SWIPE.replace("=", "A"), ErrorCode.CARD_UNREADABLE),
    (f"{SWIPE[:-1]}{SWIPE}", ErrorCode.CARD_UNREADABLE),
    (";93640000\r", ErrorCode.SWIPE_INCOMPLETE),
    ("%CLUB123456789", ErrorCode.SWIPE_INCOMPLETE),
    ("%B41111111", ErrorCode.CARD_IS_BANK_CARD),
], ids=str)
def test_a_card_that_is_not_taken_leaves_its_reason_and_no_key(till: Till, typed: str, code: ErrorCode) -> None:
    till.type(typed)
    till.wait()
    assert (till.codes, till.delivered, till.held) == ([code], [], [])


@pytest.mark.parametrize("typed", ["12345\r", "\r", "\t", "abc", "4006381333931", ";1234567", "%5\r", "%?", "+"])
def test_anything_else_is_delivered_as_it_was_typed(till: Till, typed: str) -> None:
    till.type(typed)
    till.wait()
    assert (till.text, till.results) == (typed, [])


@pytest.mark.parametrize(("gap_ms", "profile_ms", "taken"), [(50, 50, True), (51, 50, False), (150, 150, True)])
def test_the_gap_of_a_swipe_is_the_stations(gap_ms: int, profile_ms: int, taken: bool) -> None:  # noqa: FBT001
    till = Till(KeyboardDecoder(CLUB, KeyboardProfile(swipe_gap_ms=profile_ms)))
    till.type(SWIPE, gap_ms)
    assert till.results == ([STRIPE] if taken else [])
    assert till.text == ("" if taken else SWIPE)


@pytest.mark.parametrize(("gap_ms", "taken"), [(35, True), (36, False)])
def test_the_gap_of_a_code_is_shorter(till: Till, gap_ms: int, taken: bool) -> None:  # noqa: FBT001
    till.type("4006381333931\r", gap_ms)
    assert bool(till.results) is taken
    assert till.text == ("" if taken else "4006381333931\r")


@pytest.mark.parametrize(("swipe_gap_ms", "code_gap_ms"), [(19, 35), (151, 35), (50, 0)])
def test_a_gap_beyond_all_readers_is_refused(swipe_gap_ms: int, code_gap_ms: int) -> None:
    with pytest.raises(ValueError, match="20 to 150"):
        KeyboardProfile(swipe_gap_ms=swipe_gap_ms, code_gap_ms=code_gap_ms)


def test_a_swipe_that_halts_after_eight_digits_is_waited_for(till: Till) -> None:
    till.type(SWIPE[:12])
    till.now_ms += 300
    till.type(SWIPE[12:])
    assert (till.results, till.text) == ([STRIPE], "")


def test_a_swipe_is_told_from_typing_before_it(till: Till) -> None:
    till.type("ab", HUMAN_MS)
    till.now_ms += HUMAN_MS
    till.type(SWIPE)
    assert (till.results, till.text) == ([STRIPE], "ab")


def test_a_second_enter_belongs_to_the_swipe_and_a_later_one_to_the_hand(till: Till) -> None:
    till.type(f"{SWIPE}\r")
    assert till.delivered == []
    till.type("\r", HUMAN_MS)
    assert till.text == "\r"


def test_an_enter_that_comes_late_belongs_to_the_swipe(till: Till) -> None:
    till.type(SWIPE[:-1])
    till.type("\r", HUMAN_MS)
    assert (till.results, till.delivered) == ([STRIPE], [])


def test_the_same_card_again_at_once_is_one_tap(till: Till) -> None:
    till.type(SWIPE)
    till.now_ms += 100
    till.type(SWIPE.removesuffix("\r"))
    till.wait()
    assert till.results == [STRIPE]
    till.type(SWIPE)
    assert till.results == [STRIPE, STRIPE]


def test_the_same_goods_again_at_once_are_two(till: Till) -> None:
    till.type("4006381333931\r4006381333931\r")
    assert till.results == [Code("4006381333931")] * 2


def test_ten_cards_in_two_seconds_are_ten_taps(till: Till) -> None:
    cards = [f"936400000000{each:04}" for each in range(10)]
    for card in cards:
        till.type(f";{card}=?\r")
        till.now_ms += 90
    assert till.results == [Tap(READER, Medium.STRIPE, card, Evidence.TRACK) for card in cards]
    assert till.now_ms <= 1000 + 2000


def test_the_clock_of_the_machine_may_begin_anew(till: Till) -> None:
    till.now_ms = 2**32 - 20
    till.type(SWIPE)
    assert till.results == [STRIPE]


def test_a_key_held_down_is_no_burst(till: Till) -> None:
    for _ in range(8):
        till.now_ms += 30
        till.press(*KEYS["1"], repeat=True)
    till.type("\r", 20)
    assert (till.text, till.results) == ("11111111\r", [])


def test_equal_characters_that_look_like_a_repeat_are_heard(till: Till) -> None:
    for character in "1112222\r":
        till.press(*KEYS[character], repeat=character != "\r")
    assert till.results == [Code("1112222")]


def test_another_key_ends_a_burst_and_stays_in_its_place(till: Till) -> None:
    till.type("12")
    till.press(ESCAPE)
    till.type("34")
    till.wait()
    assert [each.code for each in till.delivered if each.press] == [2, 3, ESCAPE, 4, 5]


def test_shift_alone_is_never_held_back(till: Till) -> None:
    till.type("%B9")
    till.press(SHIFT)
    assert [each.code for each in till.delivered] == [SHIFT, SHIFT]
    till.type("364?\r")
    assert till.codes == [ErrorCode.CARD_NOT_OF_CLUB]


def test_a_key_that_may_be_a_bursts_is_no_shortcut(till: Till) -> None:
    def wanted(character: str) -> bool:
        return till.decoder.wants(Stroke(*KEYS[character], till.now_ms, press=True))

    assert wanted("+")
    assert not wanted("\r")
    till.type("1")
    assert wanted("\r")
    assert not till.decoder.wants(Stroke(ESCAPE, shift=False, at_ms=till.now_ms, press=True))


def test_a_code_longer_than_any_is_let_go(till: Till) -> None:
    till.type("A" * 4296)
    assert till.text == ""
    till.type("B")
    assert till.text == "A" * 4296


def test_a_swipe_longer_than_any_is_dropped_to_its_end(till: Till) -> None:
    till.type(f"%{'1' * 1000}\r")
    assert (till.text, set(till.codes)) == ("", {ErrorCode.SWIPE_INCOMPLETE})


def test_the_readers_own_setting_is_heard() -> None:
    lrc = chr(ABA.lrc(f"{CARD}=0042".encode()))
    till = with_wedge(WedgeProfile(before="<<", after=">>", lrc=True))
    till.type(f"<<;{CARD}=0042?{lrc}>>\r")
    till.type("<<12345678>\r")
    till.wait()
    assert till.results == [STRIPE, Code("<<12345678>")]
    assert till.text == ""


def test_what_comes_before_a_swipe_may_stop_there() -> None:
    till = with_wedge(WedgeProfile(before="<<"))
    till.type("<<")
    till.wait()
    assert (till.text, till.results) == ("<<", [])


def test_without_a_terminator_the_end_sentinel_ends_the_wait() -> None:
    patient, quick = Till(), with_wedge(WedgeProfile(terminator=""))
    for till in (patient, quick):
        till.type(SWIPE.removesuffix("\r"))
    assert (patient.decoder.wait_ms, quick.decoder.wait_ms) == (500, 50)
    quick.wait()
    assert (quick.results, quick.decoder.wait_ms) == ([STRIPE], None)


@pytest.mark.parametrize("pause_ms", [60, 400, 600, 5000])
def test_no_half_of_a_bank_card_comes_through(pause_ms: int) -> None:
    for cut in range(1, len(BANK_SWIPE)):
        till = Till()
        till.type(BANK_SWIPE[:cut])
        till.now_ms += pause_ms
        till.type(BANK_SWIPE[cut:])
        till.wait()
        said = "".join(each.text for each in till.results if isinstance(each, Code))
        assert not re.search(r"[0-9]{8}", f"{till.text} {said}"), cut
        assert till.codes, cut


def test_a_code_scanned_after_a_plus_typed_by_hand_is_heard(till: Till) -> None:
    till.type("+")
    till.now_ms += 200
    till.type("4006381333931\r")
    assert (till.text, till.results) == ("+", [Code("4006381333931")])


def test_no_repr_tells_a_number() -> None:
    assert CARD not in repr([STRIPE, Code(CARD)])


TYPED = st.text(st.sampled_from(sorted(KEYS)), max_size=60)


@given(st.lists(st.tuples(st.sampled_from(sorted(KEYS)), st.integers(HUMAN_MS, 400)), max_size=60))
def test_what_a_hand_types_is_never_a_burst(keys: list[tuple[str, int]]) -> None:
    till = Till()
    for character, gap_ms in keys:
        till.type(character, gap_ms)
    till.wait()
    assert (till.text, till.results) == ("".join(character for character, _gap in keys), [])


@given(st.lists(st.tuples(
    st.sampled_from((2, 3, 4, 28, 39, 53, SHIFT, ESCAPE)), st.booleans(), st.sampled_from((0, 1, 20, 40, 60, 200, 600))),
    max_size=80))
def test_a_key_goes_up_where_it_went_down(events: list[tuple[int, bool, int]]) -> None:
    till, down, strokes = Till(), dict[int, Stroke](), list[tuple[Stroke, Stroke | None]]()
    for code, shift, gap_ms in events:
        till.now_ms += gap_ms
        stroke = Stroke(code, shift, till.now_ms, press=code not in down)
        strokes.append((stroke, down.pop(code, None)))
        if stroke.press:
            down[code] = stroke
        till.feed(stroke)
    till.wait()
    delivered = {id(stroke): place for place, stroke in enumerate(till.delivered)}
    for stroke, press in strokes:
        if press:
            assert (id(stroke) in delivered) is (id(press) in delivered)
            assert delivered.get(id(press), 0) <= delivered.get(id(stroke), 0)
    places = [delivered[id(stroke)] for stroke, _ in strokes
              if stroke.press and stroke.code != SHIFT and id(stroke) in delivered]
    assert places == sorted(places)


@given(TYPED)
def test_a_reader_leaves_no_digits_of_a_card_in_the_field(after: str) -> None:
    till = Till()
    till.type(f";411111111{after}", READER_MS)
    till.wait()
    assert "41111111" not in till.text


def test_the_catalogue_lists_the_driver_without_devices() -> None:
    found = next(each for each in survey() if each.name == DRIVER.name)
    assert (found.driver, found.devices, found.error) == (DRIVER, (), None)
    with pytest.raises(StationError) as caught:
        DRIVER.open(Device(READER, "Keyboard"))
    assert caught.value.code is ErrorCode.READER_GONE
