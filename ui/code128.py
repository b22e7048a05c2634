"""Code 128 (ISO/IEC 15417): a short text as bars and spaces. No Qt."""

_DIGITS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232")
_PATTERNS = tuple(_DIGITS[start:start + 6] for start in range(0, len(_DIGITS), 6))
"""By the number of the sign: bar, space, bar, space, bar, space."""

_STOP = "2331112"
_TO_C, _TO_B, _START_B = 99, 100, 104
_MODULUS = 103
_FIRST, _LAST = 32, 126
_RUN = 4
"""From so many digits on, two of them go into one sign."""

QUIET = 10
"""Modules of white that a scanner needs on either side."""


def widths(text: str) -> tuple[int, ...]:
    """Return the widths in modules of bars and spaces in turn, the first a bar, without the quiet zones.

    Raises ``ValueError`` for what is not printable ASCII, or nothing.
    """
    if not text or not all(_FIRST <= ord(each) <= _LAST for each in text):
        message = f"{text!r} is no text for Code 128"
        raise ValueError(message)
    signs = _signs(text)
    check = (signs[0] + sum(place * sign for place, sign in enumerate(signs))) % _MODULUS
    return tuple(int(width) for pattern in (*(_PATTERNS[sign] for sign in (*signs, check)), _STOP) for width in pattern)


def _signs(text: str) -> list[int]:
    """Return the start and the signs of ``text``: set B, and set C for pairs in a run of digits."""
    signs, at = [_START_B], 0
    while at < len(text):
        run = len(text[at:]) - len(text[at:].lstrip("0123456789"))
        pairs = run // 2 if run >= _RUN else 0
        if pairs:
            signs += [_TO_C, *(int(text[i:i + 2]) for i in range(at, at + 2 * pairs, 2))]
            at += 2 * pairs
            signs += [_TO_B] if at < len(text) else []
        else:
            signs.append(ord(text[at]) - _FIRST)
            at += 1
    return signs
