"""Speed flags in words: each says what happened, the figure, and from which figure on it is shown. No Qt."""

from station.flags import Flag, FlagKind
from ui.export.sheet import Column, Kind, Sheet
from ui.format import Format
from ui.presenters.calendar_words import span_words
from ui.text import Words, mark
from ui.views_period import Part, PeriodView

WHAT = {
    FlagKind.SAME_MEMBER: mark("The same member often in one day"),
    FlagKind.OWN_CARD: mark("Own membership on own sales"),
    FlagKind.RETURNS: mark("Many returns"),
    FlagKind.TAKEN_BACK: mark("Many sales taken back in the same shift"),
    FlagKind.BY_HAND: mark("Many sales with a discount by hand"),
    FlagKind.DRAWER: mark("Drawer often opened without a sale"),
}


def flag_part(view: PeriodView, words: Words, fmt: Format) -> Part:
    """Return the table of flags; a member is not named in it, the list of sales behind it leads there."""
    held = view.flagged or view.span
    found = view.flags or ()
    names = {each.staff_id: each.name.in_language(words.language) for each in view.people.staff}
    rows = tuple(
        (each.business_date, words(WHAT[each.kind]),
         words("a member") if each.kind is FlagKind.SAME_MEMBER else names.get(each.who) or each.who,
         each.figure, each.threshold) for each in found)
    return Part(
        Sheet("flags", words("What stands out, {span}", span=span_words(held, words, fmt)), (
            Column(words("Date"), Kind.DATE), Column(words("What")), Column(words("Who")),
            Column(words("Figure"), Kind.NUMBER), Column(words("Shown from"), Kind.NUMBER)),
            rows, fmt, (words("A flag accuses nobody: it shows where to look."),)),
        found, nothing=words("Nothing stands out."))


def flag_title(flag: Flag, words: Words, fmt: Format) -> str:
    """Return what a list of sales behind ``flag`` is called."""
    return words("{what}, {day}: {figure}, shown from {threshold}", what=words(WHAT[flag.kind]),
                 day=fmt.date(flag.business_date), figure=fmt.number(flag.figure), threshold=fmt.number(flag.threshold))
