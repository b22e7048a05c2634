"""The console's page of whom stations enrolled, and what somebody should look into about it."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from headoffice.console import format as shown
from headoffice.console.models import EnrolmentRow
from headoffice.console.read_only import ReadOnly


class EnrolmentAdmin(ReadOnly):
    """Members enrolled at stations; both of one phone stay, and are closed from the command line once somebody looked."""

    list_display = ("member_name", "words", "other_name", "place", "at", "by", "approver", "state")
    list_filter = ("open", "station")
    search_fields = ("member_name", "other_name")
    ordering = ("-open", "-decided_us", "key")
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("what was noticed"), ordering="finding")
    def words(self, row: EnrolmentRow) -> str:
        """Return what stands out about it, in words; "" for nothing."""
        return finding_words(row.finding)

    @admin.display(description=_("entry"), ordering="station")
    def place(self, row: EnrolmentRow) -> SafeString:
        """Return station and entry."""
        return shown.isolated(f"{row.station}/{row.seq}")

    @admin.display(description=_("time"), ordering="at_us")
    def at(self, row: EnrolmentRow) -> SafeString:
        """Return when it was done, by the station's clock."""
        return shown.moment(row.at_us)

    @admin.display(description=_("state"), ordering="open")
    def state(self, row: EnrolmentRow) -> str:
        """Return whether somebody should look into it, or has."""
        if not row.finding:
            return ""
        return gettext("open") if row.open else gettext("closed")


def finding_words(finding: str) -> str:
    """Return what a finding of ``console_enrolment`` means, in the language of the page."""
    return {
        "": "", "DUPLICATE": gettext("another member has this phone"),
        "KNOWN": gettext("was a member already, nothing changed"),
        "REFERRER": gettext("nobody knows who is said to have invited them")}[finding]
