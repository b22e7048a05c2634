"""The console's page of copied cards."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from headoffice.cards.models import AlertKind
from headoffice.console import format as shown
from headoffice.console.models import CloneRow
from headoffice.console.read_only import ReadOnly


class KindFilter(admin.SimpleListFilter):
    """The kinds of alert, in words."""

    title = _("what was noticed")
    parameter_name = "kind"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> list[tuple[str, str]]:
        """Return the choices: code and words."""
        return [(kind.value, alert_words(kind)) for kind in AlertKind]

    def queryset(self, _request: HttpRequest, rows: QuerySet[CloneRow]) -> QuerySet[CloneRow]:
        """Return the alerts of the chosen kind."""
        return rows.filter(kind=self.value()) if self.value() else rows


class CloneAdmin(ReadOnly):
    """Cards that were copied, or codes that were used twice, with both places."""

    list_display = ("words", "member_name", "at", "place", "other_at", "other_place", "open_shown")
    list_filter = (KindFilter, "closed", "station")
    search_fields = ("member_name",)
    ordering = ("closed", "-found_us", "key")
    fields = (*list_display, "counter", "found")
    readonly_fields = fields

    @admin.display(description=_("what was noticed"), ordering="kind")
    def words(self, row: CloneRow) -> str:
        """Return the kind of alert in words."""
        return alert_words(AlertKind(row.kind))

    @admin.display(description=_("time"), ordering="at_us")
    def at(self, row: CloneRow) -> SafeString:
        """Return when the code was shown, by the station's clock."""
        return shown.moment(row.at_us)

    @admin.display(description=_("shown at"), ordering="station")
    def place(self, row: CloneRow) -> SafeString:
        """Return station and entry."""
        return shown.isolated(f"{row.station}/{row.seq}")

    @admin.display(description=_("other time"), ordering="other_at_us")
    def other_at(self, row: CloneRow) -> SafeString | str:
        """Return when the other code was shown."""
        return "–" if row.other_at_us is None else shown.moment(row.other_at_us)

    @admin.display(description=_("against"), ordering="other_station")
    def other_place(self, row: CloneRow) -> SafeString | str:
        """Return station and entry of the code that it contradicts."""
        return shown.isolated(f"{row.other_station}/{row.other_seq}") if row.other_station else "–"

    @admin.display(description=_("state"), ordering="closed")
    def open_shown(self, row: CloneRow) -> str:
        """Return whether somebody has looked into it."""
        return gettext("closed") if row.closed else gettext("open")

    @admin.display(description=_("found"), ordering="found_us")
    def found(self, row: CloneRow) -> SafeString:
        """Return when head office could tell."""
        return shown.moment(row.found_us)


def alert_words(kind: AlertKind) -> str:
    """Return what an alert means, in the language of the page."""
    return {
        AlertKind.SAME_CODE: gettext("one code of the card at two places"),
        AlertKind.OLD_CODE: gettext("a code from before, shown late"),
        AlertKind.PASS_TWICE: gettext("one code of the phone at two places"),
        AlertKind.REPLAYED: gettext("a used code, refused at the counter"),
        AlertKind.FORGED: gettext("a forged card, refused at the counter"),
    }[kind]
