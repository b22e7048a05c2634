"""The console's page of what stations did to cards that were somebody else's, or stood otherwise, by then."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from headoffice.console import format as shown
from headoffice.console.models import ConflictRow
from headoffice.console.read_only import ReadOnly
from station.card_life import CardConflict


class ConflictAdmin(ReadOnly):
    """Entries about cards that changed nothing here, each with who has the card."""

    list_display = ("words", "member_name", "wanted", "owner_name", "stood_shown", "place", "at", "open_shown")
    list_filter = ("closed", "station")
    search_fields = ("member_name", "owner_name")
    ordering = ("closed", "-decided_us", "key")
    fields = (*list_display, "by")
    readonly_fields = fields

    @admin.display(description=_("conflict"), ordering="conflict")
    def words(self, row: ConflictRow) -> str:
        """Return the conflict in words."""
        return conflict_words(CardConflict(row.conflict))

    @admin.display(description=_("wanted"), ordering="status")
    def wanted(self, row: ConflictRow) -> SafeString:
        """Return what the card should have become."""
        return shown.isolated(row.status)

    @admin.display(description=_("stands as"), ordering="stood")
    def stood_shown(self, row: ConflictRow) -> SafeString:
        """Return how the card stood then."""
        return shown.isolated(row.stood or "–")

    @admin.display(description=_("entry"), ordering="station")
    def place(self, row: ConflictRow) -> SafeString:
        """Return station and entry."""
        return shown.isolated(f"{row.station}/{row.seq}")

    @admin.display(description=_("time"), ordering="at_us")
    def at(self, row: ConflictRow) -> SafeString:
        """Return when it was done, by the station's clock."""
        return shown.moment(row.at_us)

    @admin.display(description=_("state"), ordering="closed")
    def open_shown(self, row: ConflictRow) -> str:
        """Return whether somebody has looked into it."""
        return gettext("closed") if row.closed else gettext("open")


def conflict_words(conflict: CardConflict) -> str:
    """Return what a conflict means, in the language of the page."""
    return {
        CardConflict.TAKEN: gettext("a card that is somebody else's"),
        CardConflict.UNKNOWN: gettext("a card or a member nobody knows"),
        CardConflict.OLDER: gettext("a card that stood otherwise by then"),
    }[conflict]
