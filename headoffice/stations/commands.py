"""What the ``headoffice`` program does about stations, certificates and keys."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import msgspec
from django.conf import settings

from headoffice import keys, tls
from headoffice.clock import MICROSECONDS, now_us
from headoffice.spending.loss import losses
from headoffice.stations.models import Shop, Station
from headoffice.stations.pairing import issue
from headoffice.stations.rotation import sign_packs
from headoffice.terminal import refused


def pair(options: argparse.Namespace) -> int:
    """Print a one-time pairing code for a shop, or for new keys of one of its stations."""
    shop = Shop.objects.filter(id=options.shop).first()
    if shop is None:
        return refused(f"there is no shop {options.shop}")
    if options.station and not Station.objects.filter(id=options.station, shop=shop.id, revoked=False).exists():
        return refused(f"shop {options.shop} has no station {options.station} that was not revoked")
    sys.stdout.write(f"{issue(shop, now_us(), options.station)}\n")
    return 0


def stations(options: argparse.Namespace) -> int:
    """Print the stations with the fingerprints of their keys, for people to compare, or with what the theft of each can cost."""
    lost = losses() if options.loss else {}
    sys.stdout.write(msgspec.json.encode([
        {"station": each.id, "shop": each.shop, "fingerprint": each.fingerprint, "revoked": each.revoked}
        | ({"loss": {kind.value: asdict(loss) | {"bound": loss.bound} for kind, loss in lost[each.id].items()}}
           if each.id in lost else {})
        for each in Station.objects.order_by("id")]).decode() + "\n")
    return 0


def revoke(options: argparse.Namespace) -> int:
    """Give a station nothing any more; what it sends is put aside from now on."""
    try:
        since = datetime.fromisoformat(options.since) if options.since else None
    except ValueError:
        return refused(f"{options.since} is not a time, as 2026-11-26T15:00+03:30")
    if since and since.tzinfo is None:
        return refused(f"{options.since} does not say of which time zone it is")
    since_us = int(since.timestamp() * MICROSECONDS) if since else now_us()
    if not Station.objects.filter(id=options.station).update(revoked=True, revoked_us=since_us, next_key=b""):
        return refused(f"there is no station {options.station}")
    sys.stdout.write(f"station {options.station} is revoked\n")
    return 0


def certificate(options: argparse.Namespace) -> int:
    """Make the server's certificate anew when it ends soon or does not fit, and say until when it holds."""
    tls.create(settings.HOME, datetime.now(UTC))
    if options.new:
        tls.renew(settings.HOME, datetime.now(UTC), force=True)
    names = ", ".join(tls.names(settings.HOME))
    sys.stdout.write(f"the certificate for {names} holds until {tls.ends(settings.HOME):%Y-%m-%d}\n")
    return 0


def office_key(_options: argparse.Namespace) -> int:
    """Replace head office's signing key; it signs from the next start of the server on."""
    keys.change_office_key(settings.HOME, now_us())
    sign_packs(keys.load(settings.HOME).office)
    sys.stdout.write("head office has a new key: start the server again\n")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "pair": pair, "stations": stations, "revoke": revoke, "certificate": certificate, "office-key": office_key,
}
