"""The words: every message of the program has its Persian one, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import ui
from station.card import CardStatus
from station.errors import ErrorCode, StationError
from ui import text
from ui.text import DOMAIN, LANGUAGES, LOCALE, SENTENCES, Words

KEYWORDS = {"words": None, "_words": None, "mark": None, "context": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"{\w+}")


@pytest.fixture(scope="module")
def messages() -> set[tuple[str | None, str]]:
    """Every message in the code of ``ui``, with its context."""
    found = extract_from_dir(Path(ui.__file__).parent, keywords=KEYWORDS)
    return {(context, message) for _, _, message, _, context in found if isinstance(message, str)}


@pytest.fixture(scope="module")
def persian() -> dict[tuple[str | None, str], str]:
    """The Persian catalogue; no message of it may be fuzzy."""
    with (LOCALE / "fa" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    entries = [entry for entry in catalogue if entry.id]
    assert not [entry.id for entry in entries if entry.fuzzy]
    return {(entry.context, str(entry.id)): str(entry.string) for entry in entries}


def test_the_extractor_sees_the_program(messages: set[tuple[str | None, str]]) -> None:
    assert {(None, "Pay"), (None, "Today"), (None, SENTENCES[ErrorCode.CARD_UNKNOWN])} <= messages


def test_no_message_hides_in_an_f_string_where_the_extractor_sees_none() -> None:
    hidden = re.compile(r"""f(['"]).*{[^}]*(?:words|mark|context)\(['"]""")
    found = [f"{path.name}:{number}" for path in Path(ui.__file__).parent.rglob("*.py")
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if hidden.search(line)]
    assert hidden.search("""text = f"{text}: {self._words('Take back')}" """)
    assert found == []


def test_persian_lacks_nothing_and_keeps_nothing_unused(
    messages: set[tuple[str | None, str]], persian: dict[tuple[str | None, str], str],
) -> None:
    assert messages - {key for key, said in persian.items() if said} == set()
    assert set(persian) - messages == set()


def test_placeholders_are_the_same_in_both_languages(persian: dict[tuple[str | None, str], str]) -> None:
    assert [key for key, said in persian.items()
            if set(PLACEHOLDER.findall(key[1])) != set(PLACEHOLDER.findall(said))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ErrorCode)
def test_every_fault_has_its_sentence(language: str, code: ErrorCode) -> None:
    sentence = Words(language).error(StationError(code))
    assert sentence.endswith(f"(E{code.value})")
    assert len(sentence) > len("(E999)") + 5
    assert bool(re.search("[آ-ی]", sentence)) == (language == "fa")


def test_each_state_of_a_card_has_a_sentence_of_its_own() -> None:
    said = {Words("fa").error(StationError(ErrorCode.CARD_NOT_ACTIVE, status=status.value))
            for status in CardStatus}
    assert len(said) == len(CardStatus)


def test_placeholders_are_filled_and_direction_is_known() -> None:
    assert Words("fa")("Shift {number} open", number="۳") == "شیفت ۳ باز"
    assert (Words("fa").rtl, Words("en").rtl) == (True, False)
    assert Words("en").context("menu", "Pay") == "Pay"


def test_a_language_nobody_translated_is_a_bug() -> None:
    with pytest.raises(ValueError, match="does not speak 'de'"):
        Words("de")


def test_a_catalogue_that_was_not_compiled_is_a_bug(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(text, "LOCALE", tmp_path)
    with pytest.raises(FileNotFoundError):
        Words("fa")


@pytest.mark.parametrize(("fault", "english", "persian"), [
    (StationError(ErrorCode.RETURN_TOO_MUCH, line=3, left=1250),
     "Of line 3 no more than 1.250 can still come back. (E309)",
     "از ردیف ۳ حداکثر ۱٫۲۵۰ قابل برگشت است. (E309)"),
    (StationError(ErrorCode.PACK_OLDER, pack=11, held=12),
     "Head office offers rules number 11, but number 12 is here. They were not taken. (E512)",
     "دفتر مرکزی قوانین شمارهٔ ۱۱ را فرستاد، ولی شمارهٔ ۱۲ اینجاست؛ پذیرفته نشد. (E512)"),
    (StationError(ErrorCode.PACK_INVALID, pack=4, reason="$.number: 0, expected at least 1"),
     ("The new rules from head office are not valid. The old ones stay in force. "
      "$.number: 0, expected at least 1 (E511)"),
     ("قوانین تازهٔ دفتر مرکزی معتبر نیست. قوانین پیشین برقرار می‌ماند. "
      "\u200e$.number: 0, expected at least 1\u200e (E511)")),
])
def test_a_fault_that_carries_figures_tells_them(fault: StationError, english: str, persian: str) -> None:
    assert (Words("en").error(fault), Words("fa").error(fault)) == (english, persian)
