"""The console's pages: what the journals amount to, read-only, each figure down to its entry."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from headoffice.audit.recompute import Breach
from headoffice.console import format as shown
from headoffice.console.clones import CloneAdmin
from headoffice.console.conflicts import ConflictAdmin
from headoffice.console.enrolments import EnrolmentAdmin
from headoffice.console.explain import explain
from headoffice.console.models import (
    AlarmRow,
    CloneRow,
    ConflictRow,
    DifferenceRow,
    EnrolmentRow,
    MemberRow,
    QuarantineRow,
    SaleRow,
    StationRow,
)
from headoffice.console.read_only import ReadOnly
from headoffice.console.told import FIELDS as TOLD
from headoffice.console.told import ToldFields
from headoffice.intake.entries import Place
from headoffice.register.packs import current, numbered
from headoffice.spending.loss import losses
from station.dates import Calendar
from station.journal import Position, receipt_number
from station.leases import AccountKind
from station.protection import Protection

admin.site.unregister((User, Group))
admin.site.register(CloneRow, CloneAdmin)
admin.site.register(ConflictRow, ConflictAdmin)
admin.site.register(EnrolmentRow, EnrolmentAdmin)


class TierFilter(admin.SimpleListFilter):
    """The tiers of the rule pack in force, by name."""

    title = _("tier")
    parameter_name = "tier"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices: id and name."""
        return list(tier_names().items())

    def queryset(self, _request: HttpRequest, rows: QuerySet[MemberRow]) -> QuerySet[MemberRow]:
        """Return the members of the chosen tier."""
        return rows.filter(tier=self.value()) if self.value() else rows


class BreachFilter(admin.SimpleListFilter):
    """The kinds of breach, in words."""

    title = _("rule broken")
    parameter_name = "breach"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices: code and words."""
        return [(breach.value, breach_words(breach)) for breach in Breach]

    def queryset(self, _request: HttpRequest, rows: QuerySet[DifferenceRow]) -> QuerySet[DifferenceRow]:
        """Return the differences of the chosen kind."""
        return rows.filter(breach=self.value()) if self.value() else rows


@admin.register(SaleRow)
class SaleAdmin(ReadOnly):
    """Sales, the newest business first; a sale opens into its calculation."""

    list_display = ("receipt", "date", "time", "who", "cashier", "discount_shown", "total_shown", "points_shown", "flags")
    list_filter = ("station",)
    search_fields = ("sale_id", "business_date", "member_name")
    ordering = ("-business_date", "-at_us")
    fields = ("receipt", "sale_id", "date", "time", "cashier", "who", "findings", "calculation")
    readonly_fields = fields

    @admin.display(description=_("receipt"), ordering="seq")
    def receipt(self, row: SaleRow) -> SafeString:
        """Return the number on the customer's receipt."""
        return shown.isolated(receipt_number(row.station, Position(row.named, row.seq)))

    @admin.display(description=_("business date"), ordering="business_date")
    def date(self, row: SaleRow) -> SafeString:
        """Return the day the sale is booked on."""
        return shown.date(row.business_date)

    @admin.display(description=_("time"), ordering="at_us")
    def time(self, row: SaleRow) -> SafeString:
        """Return when it was sold, by the clock of the shop."""
        return shown.moment(row.at_us, row.at_offset)

    @admin.display(description=_("member"), ordering="member_name")
    def who(self, row: SaleRow) -> str:
        """Return the member's name."""
        return row.member_name or row.member or "–"

    @admin.display(description=_("discount"), ordering="discount")
    def discount_shown(self, row: SaleRow) -> SafeString:
        """Return the sum of the discounts."""
        return shown.number(row.discount)

    @admin.display(description=_("total"), ordering="total")
    def total_shown(self, row: SaleRow) -> SafeString:
        """Return what was paid."""
        return shown.number(row.total)

    @admin.display(description=_("points"), ordering="points")
    def points_shown(self, row: SaleRow) -> SafeString:
        """Return the points earned."""
        return shown.number(row.points)

    @admin.display(description=_("differences"), ordering="differences")
    def flags(self, row: SaleRow) -> SafeString | str:
        """Return how many rules the sale breaks, nothing for none."""
        return shown.number(row.differences) if row.differences else ""

    @admin.display(description=_("differences"))
    def findings(self, row: SaleRow) -> SafeString | str:
        """Return the breaches with their figures."""
        found = DifferenceRow.objects.filter(sale=row.key).order_by("key")
        return "; ".join(f"{breach_words(each.breach)}: {each.detail}" for each in found) or gettext("none")

    @admin.display(description=_("calculation"))
    def calculation(self, row: SaleRow) -> SafeString:
        """Return the sale told line by line."""
        return explain(Place(row.station, row.incarnation, row.seq))


@admin.register(MemberRow)
class MemberAdmin(ToldFields, ReadOnly):
    """The members with their balances."""

    list_display = ("name", "phone_shown", "tier_shown", "points_shown", "visit", "cards_shown", "sales_shown")
    list_filter = (TierFilter,)
    search_fields = ("name", "phone")
    ordering = ("name", "key")
    fields = (*list_display, "segments_shown", "birthday", *TOLD)
    readonly_fields = fields

    @admin.display(description=_("phone"), ordering="phone")
    def phone_shown(self, row: MemberRow) -> SafeString:
        """Return the phone number."""
        return shown.isolated(row.phone)

    @admin.display(description=_("tier"), ordering="tier")
    def tier_shown(self, row: MemberRow) -> str:
        """Return the tier by its name in the rule pack in force."""
        return tier_names().get(row.tier, row.tier)

    @admin.display(description=_("points"), ordering="points")
    def points_shown(self, row: MemberRow) -> SafeString:
        """Return the balance."""
        return shown.number(row.points)

    @admin.display(description=_("last visit"), ordering="last_visit")
    def visit(self, row: MemberRow) -> SafeString:
        """Return the day of the last visit."""
        return shown.date(row.last_visit)

    @admin.display(description=_("segments"))
    def segments_shown(self, row: MemberRow) -> SafeString:
        """Return the groups the club put the member in, by their ids."""
        return shown.isolated(", ".join(row.segments) or "–")

    @admin.display(description=_("birthday"))
    def birthday(self, row: MemberRow) -> SafeString | str:
        """Return month and day, and in which calendar they are kept."""
        if not row.birth_calendar:
            return "–"
        calendar = {Calendar.JALALI: gettext("Jalali"), Calendar.GREGORIAN: gettext("Gregorian")}
        return format_html("{} ({})", shown.decimal(f"{row.birth_month:02d}/{row.birth_day:02d}"),
                           calendar[Calendar(row.birth_calendar)])

    @admin.display(description=_("active cards"), ordering="cards")
    def cards_shown(self, row: MemberRow) -> SafeString:
        """Return how many cards open the account."""
        return shown.number(row.cards)

    @admin.display(description=_("sales"), ordering="sales")
    def sales_shown(self, row: MemberRow) -> SafeString:
        """Return how often the member bought."""
        return shown.number(row.sales)


@admin.register(StationRow)
class StationAdmin(ReadOnly):
    """The stations and how far their journals are here."""

    list_display = ("key", "shop", "revoked", "epoch", "acknowledged", "seen", "alarms", "quarantined", "files", "fingerprint",
                    "loss", "written_off")
    ordering = ("key",)
    fields = list_display
    readonly_fields = list_display

    @admin.display(description=_("shop"))
    def shop(self, row: StationRow) -> str:
        """Return the shop's name."""
        return row.shop_fa if shown.is_persian() else row.shop_en

    @admin.display(description=_("last seen"), ordering="last_seen_us")
    def seen(self, row: StationRow) -> SafeString | str:
        """Return when the station last spoke of its journal."""
        return shown.moment(row.last_seen_us) if row.last_seen_us is not None else "–"

    @admin.display(description=_("its files"), ordering="protection")
    def files(self, row: StationRow) -> str:
        """Return how well the station's files are protected, by its own word."""
        return protection_words(row.protection) if row.protection else "–"

    @admin.display(description=_("lost if stolen"))
    def loss(self, row: StationRow) -> SafeString:
        """Return the most that a theft can cost when it is noticed within a day: what is leased there, and a day's leases."""
        return _spent({kind: each.bound for kind, each in losses(row.key)[row.key].items()})

    @admin.display(description=_("borne by the club"))
    def written_off(self, row: StationRow) -> SafeString:
        """Return what sales of this station spent that nobody had set aside for them."""
        return _spent({kind: each.written_off for kind, each in losses(row.key)[row.key].items()})


def _spent(amounts: Mapping[AccountKind, int]) -> SafeString:
    money = sum(amount for kind, amount in amounts.items() if kind is not AccountKind.POINTS)
    return format_html(gettext("{points} points, {money} rial"), points=shown.number(amounts[AccountKind.POINTS]),
                       money=shown.number(money))


@admin.register(DifferenceRow)
class DifferenceAdmin(ReadOnly):
    """What head office would have made otherwise."""

    list_display = ("words", "detail", "sale_link", "date", "total_shown", "found")
    list_filter = (BreachFilter, "station")
    ordering = ("-found_us", "key")
    fields = list_display
    readonly_fields = list_display

    @admin.display(description=_("rule broken"), ordering="breach")
    def words(self, row: DifferenceRow) -> str:
        """Return the breach in words."""
        return breach_words(row.breach)

    @admin.display(description=_("sale"))
    def sale_link(self, row: DifferenceRow) -> SafeString:
        """Return the way to the sale, or where the entry is when there is none."""
        if not row.sale:
            return shown.isolated(f"{row.station}/{row.seq}")
        address = reverse("admin:console_salerow_change", args=[row.sale])
        return format_html('<a href="{}">{}</a>', address, shown.isolated(f"{row.station}/{row.seq}"))

    @admin.display(description=_("business date"), ordering="business_date")
    def date(self, row: DifferenceRow) -> SafeString:
        """Return the day the sale is booked on."""
        return shown.date(row.business_date)

    @admin.display(description=_("total"), ordering="total")
    def total_shown(self, row: DifferenceRow) -> SafeString:
        """Return what was paid."""
        return shown.number(row.total)

    @admin.display(description=_("found"), ordering="found_us")
    def found(self, row: DifferenceRow) -> SafeString:
        """Return when it was found."""
        return shown.moment(row.found_us)


@admin.register(AlarmRow)
class AlarmAdmin(ReadOnly):
    """Journals that contradict themselves."""

    list_display = ("station", "epoch", "seq", "first", "last", "times")
    ordering = ("-last_us", "key")
    fields = (*list_display, "theirs", "ours")
    readonly_fields = fields

    @admin.display(description=_("first"), ordering="first_us")
    def first(self, row: AlarmRow) -> SafeString:
        """Return when it was first seen."""
        return shown.moment(row.first_us)

    @admin.display(description=_("last"), ordering="last_us")
    def last(self, row: AlarmRow) -> SafeString:
        """Return when it was last seen."""
        return shown.moment(row.last_us)


@admin.register(QuarantineRow)
class QuarantineAdmin(ReadOnly):
    """Entries that could not be posted."""

    list_display = ("station", "epoch", "seq", "reason", "received")
    ordering = ("-received_us", "key")
    fields = (*list_display, "bytes_shown")
    readonly_fields = fields

    @admin.display(description=_("received"), ordering="received_us")
    def received(self, row: QuarantineRow) -> SafeString:
        """Return when it came."""
        return shown.moment(row.received_us)

    @admin.display(description=_("entry as received"))
    def bytes_shown(self, row: QuarantineRow) -> SafeString:
        """Return the bytes, what is no text among them as escapes."""
        return shown.isolated(bytes(row.raw).decode(errors="backslashreplace"))


def tier_names() -> dict[str, str]:
    """Return the tiers of the rule pack in force: id and name in the language of the page."""
    pack = current()
    rules = numbered(pack.number) if pack else None
    language = get_language() or "fa"
    return {tier.id: tier.name.in_language(language) for tier in rules.tiers} if rules else {}


def protection_words(level: str) -> str:
    """Return what a level of protection means, in the language of the page."""
    return {
        Protection.HARDWARE: gettext("encrypted, key in a chip"),
        Protection.OS_ACCOUNT: gettext("encrypted, key in the system's store"),
        Protection.FILE: gettext("encrypted, key beside it (weak)"),
        Protection.NONE: gettext("not encrypted, no members kept"),
    }[Protection(level)]


def breach_words(code: str) -> str:
    """Return what a breach means, in the language of the page."""
    return {
        Breach.PACK_UNKNOWN: gettext("priced by a rule pack nobody published"),
        Breach.PRICE: gettext("priced otherwise than the rules say"),
        Breach.POINTS: gettext("points that the sale does not earn"),
        Breach.PAYMENT: gettext("paid otherwise than the total"),
        Breach.BY_HAND: gettext("a price by hand that nobody may give"),
        Breach.BASKET: gettext("not the basket of this sale"),
        Breach.SHOP: gettext("sold in the name of another shop"),
        Breach.KEY_WRITTEN: gettext("points that were written before"),
        Breach.MEMBER_UNKNOWN: gettext("a member nobody knows"),
        Breach.RETURN: gettext("goods taken back otherwise than the rules say"),
        Breach.SALE_UNKNOWN: gettext("goods taken back of a sale nobody knows"),
        Breach.TOTALS: gettext("a closed shift that is not the sum of its entries"),
        Breach.CLAIM: gettext("more than a card proves, with no proof for it"),
        Breach.HOLDER: gettext("more than somebody of the family may spend a day"),
        Breach.COUPON: gettext("a coupon that was not this customer's to use, or not any more"),
    }[Breach(code)]
