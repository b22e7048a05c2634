"""How the tables are spread when one PostgreSQL no longer holds them (Citus): by station, by account, or on every node.

A journal and what is made of one station's entries lie with the station; a member's or an account's
ledger with the member (a member's id is the name of the account of points); what cards showed to be
theirs with the card's look-up value. So the upload of a batch is a transaction on one shard, and so
is a reservation. The projector, which carries from one side to the other, is in no customer's way.

The rules, proven on PostgreSQL's own catalogue by ``tests/headoffice/test_shard_rules.py``:

1. Every table has its place in one of the two lists here.
2. The shard key is a column of every spread table and leads its primary key and every unique index.
3. No foreign key leaves or enters a spread table.
4. No column of a spread table takes its value from a sequence.
"""

from collections.abc import Mapping

STATION, ACCOUNT, CARD = "station", "account", "card"

SPREAD: Mapping[str, tuple[str, str]] = {
    "stations_station": (STATION, "id"),
    "stations_nonce": (STATION, "station"),
    "intake_incarnation": (STATION, "station"),
    "intake_entry": (STATION, "station"),
    "intake_personal": (STATION, "station"),
    "intake_quarantine": (STATION, "station"),
    "intake_alarm": (STATION, "station"),
    "audit_difference": (STATION, "station"),
    "ledger_sale": (STATION, "station"),
    "ledger_salereturn": (STATION, "station"),
    "ledger_returntender": (STATION, "station"),
    "ledger_step": (STATION, "station"),
    "returns_turn": (STATION, "station"),
    "spending_claim": (STATION, "station"),
    "claims_claim": (STATION, "station"),
    "register_carddeed": (STATION, "station"),
    "register_enrolment": (STATION, "station"),
    "register_newholder": (STATION, "station"),
    "register_telling": (STATION, "station"),
    "questions_question": (STATION, "station"),
    "register_member": (ACCOUNT, "id"),
    "register_consent": (ACCOUNT, "member"),
    "register_holder": (ACCOUNT, "member"),
    "register_holderuse": (ACCOUNT, "member"),
    "claims_pin": (ACCOUNT, "member"),
    "ledger_pointsentry": (ACCOUNT, "member"),
    "ledger_pointslot": (ACCOUNT, "member"),
    "ledger_balance": (ACCOUNT, "member"),
    "ledger_valueentry": (ACCOUNT, "account"),
    "ledger_valuelot": (ACCOUNT, "account"),
    "ledger_valueaccount": (ACCOUNT, "account"),
    "spending_account": (ACCOUNT, "account"),
    "spending_lease": (ACCOUNT, "account"),
    "spending_leasepart": (ACCOUNT, "account"),
    "spending_reservation": (ACCOUNT, "account"),
    "spending_settlement": (ACCOUNT, "account"),
    "cards_chip": (CARD, "card"),
    "cards_checked": (CARD, "card"),
    "cards_seen": (CARD, "card"),
    "cards_standing": (CARD, "card"),
    "cards_clonealert": (CARD, "card"),
    "cards_closed": (CARD, "card"),
    "cards_window": (CARD, "card"),
}
"""By table: the kind of shard it lies in, and the column that says in which."""

EVERYWHERE: Mapping[str, str] = {
    "stations_shop": "small; written by people",
    "stations_pairingcode": "used before there is a station",
    "register_card": "asked for by any station; written when a card is given out or blocked",
    "coupons_note": "asked for by any station; written by the projector, in nobody's way",
    "phone_link": "asked for by its token alone; one row a phone that comes in",
    "phone_phone": "asked for by its card; written when a grant is given",
    "claims_attempts": "asked for by a phone alone; one row a phone or station that tries",
    "register_product": "the same for all; written by people",
    "register_barcode": "the same for all; written by people",
    "register_plan": "prices; written by people",
    "register_staff": "the people who work at the shops; written by people",
    "register_packdocument": "the same for all; written by people",
    "feeds_feedversion": "one row a feed; written by the projector, in nobody's way",
    "feeds_life": "one row a start of the projector, and a version of a lost future",
    "auth_user": "Django's own: users of the console",
    "auth_group": "Django's own",
    "auth_permission": "Django's own",
    "auth_user_groups": "Django's own",
    "auth_user_user_permissions": "Django's own",
    "auth_group_permissions": "Django's own",
    "django_admin_log": "Django's own: what users of the console did",
    "django_content_type": "Django's own",
    "django_migrations": "Django's own",
    "django_session": "Django's own: who is signed in at the console",
}
"""By table that is whole on every node: why it may be."""
