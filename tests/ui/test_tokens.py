"""The colours of the themes, by the contrast of WCAG 2.2 reckoned here from its definition."""

import pytest

from ui.qt.tokens import HIGH, TEXT_PAIRS, THEMES, Theme

AA, AAA, SHAPE = 4.5, 7.0, 3.0


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def of(theme: Theme, front: str, back: str) -> float:
    return contrast(getattr(theme, front), getattr(theme, back))


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)  # WCAG's well-known lightest grey


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_all_text_can_be_read(theme: Theme) -> None:
    least = AAA if theme is HIGH else AA
    assert {pair: of(theme, *pair) for pair in TEXT_PAIRS if of(theme, *pair) < least} == {}


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_what_can_be_typed_into_is_seen(theme: Theme) -> None:
    for ground in ("bg", "surface"):
        assert of(theme, "border", ground) >= SHAPE
        assert of(theme, "primary", ground) >= SHAPE  # the ring of the focus


def test_in_high_contrast_lines_and_bars_are_seen_too() -> None:
    assert of(HIGH, "line", "surface") >= SHAPE
    assert of(HIGH, "bar", "surface") >= SHAPE
