"""Addresses: the protocol of ``sync.wire``, the console, the language switch."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from headoffice.api import (
    aside,
    benefits,
    card_feeds,
    card_service,
    claims,
    coupons,
    feeds,
    health,
    journal,
    phones,
    returns,
    spending,
    trust,
)
from headoffice.phone import views as phone
from sync import (
    wire,
    wire_aside,
    wire_benefits,
    wire_card_service,
    wire_cards,
    wire_claims,
    wire_coupons,
    wire_feeds,
    wire_phones,
    wire_returns,
    wire_spending,
    wire_trust,
)

handler400 = "headoffice.api.answers.bad_request"
handler404 = "headoffice.api.answers.not_found"
handler500 = "headoffice.api.answers.server_error"


def _exactly(address: str) -> str:
    return address.removeprefix("/")


urlpatterns: list[URLPattern | URLResolver] = [
    path(_exactly(wire_trust.CA_PATH), trust.ca),
    path(_exactly(wire_trust.PAIR_PATH), trust.pair),
    path(_exactly(wire_trust.KEYS_PATH), trust.change_key),
    path(_exactly(wire_trust.OFFICE_KEYS_PATH), trust.office_keys),
    path(_exactly(wire.HELLO_PATH), journal.hello),
    path(_exactly(wire.JOURNAL_PATH), journal.journal),
    path(_exactly(wire.HASH_PATH), journal.held_hash),
    path(_exactly(wire_aside.ASIDE_PATH), aside.listed),
    path(_exactly(wire_aside.RETRY_PATH), aside.retry),
    path(_exactly(wire_feeds.MEMBERS_FEED_PATH), feeds.members_feed),
    path(_exactly(wire_feeds.BLOCKS_FEED_PATH), feeds.blocks_feed),
    path(_exactly(wire_feeds.SHELF_FEED_PATH), feeds.shelf_feed),
    path(_exactly(wire_feeds.STAFF_FEED_PATH), feeds.staff_feed),
    path(_exactly(wire_feeds.PIN_PATH), feeds.pin),
    path(_exactly(wire_feeds.PACK_PATH), feeds.pack),
    path(_exactly(wire_feeds.BOOK_PATH), feeds.book),
    path(_exactly(wire_cards.ISSUER_KEYS_PATH), card_feeds.issuer_keys),
    path(_exactly(wire_cards.ANSWERS_PATH), card_feeds.tap_answers),
    path(_exactly(wire_feeds.CHUNK_PATH), feeds.book_chunk),
    path(_exactly(wire_spending.AVAILABLE_PATH), spending.available),
    path(_exactly(wire_spending.RESERVE_PATH), spending.reserve),
    path(_exactly(wire_spending.COMMIT_PATH), spending.commit),
    path(_exactly(wire_spending.VOID_PATH), spending.void),
    path(_exactly(wire_spending.ASK_PATH), spending.ask),
    path(_exactly(wire_spending.CLOSE_PATH), spending.close),
    path(_exactly(wire_card_service.BEGIN_PATH), card_service.begin),
    path(_exactly(wire_card_service.GO_ON_PATH), card_service.go_on),
    path(_exactly(wire_card_service.SUN_PATH), card_service.check_sun),
    path(_exactly(wire_card_service.RECORD_PATH), card_service.record),
    path(_exactly(wire_phones.LINK_PATH), phones.link),
    path(_exactly(wire_claims.CLAIM_PATH), claims.begin),
    path(_exactly(wire_claims.CLAIM_ANSWER_PATH), claims.judge),
    path(_exactly(wire_benefits.HISTORY_PATH), benefits.history),
    path(_exactly(wire_coupons.COUPONS_PATH), coupons.coupons_called),
    path(_exactly(wire_returns.ASK_PATH), returns.ask),
    path(_exactly(wire_returns.DROP_PATH), returns.drop),
    path(_exactly(wire_returns.RULES_PATH), returns.rules),
    path("m/", phone.page),
    path("m/worker.js", phone.worker),
    path("m/register", phone.register),
    path("m/renew", phone.renew),
    path("healthz", health.health),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("i18n/", include("django.conf.urls.i18n")),
    path("console/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
