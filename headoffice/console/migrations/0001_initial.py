"""The views the console lists."""

from typing import ClassVar

from django.db import migrations, models

VIEWS = {
    "console_sale": """
        SELECT sale.station || '/' || sale.sale_id AS key, sale.station, sale.sale_id,
            sale.incarnation, coalesce(nullif(journal.origin, ''), sale.incarnation) AS named, sale.seq, sale.business_date, sale.at_us, sale.at_offset, sale.cashier,
            sale.member, member.name AS member_name, sale.listed, sale.discount, sale.tax, sale.total,
            sale.points, (
                SELECT count(*) FROM audit_difference AS difference
                WHERE difference.station = sale.station
                    AND difference.incarnation = sale.incarnation AND difference.seq = sale.seq
            ) AS differences
        FROM ledger_sale AS sale LEFT JOIN register_member AS member ON member.id = sale.member
        LEFT JOIN intake_incarnation AS journal
            ON journal.station = sale.station AND journal.incarnation = sale.incarnation
    """,
    "console_member": """
        SELECT member.id AS key, member.name, member.phone, member.tier,
            coalesce(balance.points, 0) AS points, member.last_visit, member.segments,
            member.birth_calendar, member.birth_month, member.birth_day, (
                SELECT count(*) FROM register_card AS card
                WHERE card.member = member.id AND card.status = 'ACTIVE'
            ) AS cards, coalesce(balance.purchases, 0) AS sales
        FROM register_member AS member LEFT JOIN ledger_balance AS balance ON balance.member = member.id
        WHERE NOT member.gone
    """,
    "console_station": """
        SELECT station.id AS key, shop.name_fa AS shop_fa, shop.name_en AS shop_en, station.revoked,
            station.fingerprint, station.protection, latest.epoch, latest.acknowledged, latest.last_seen_us, (
                SELECT count(*) FROM intake_alarm AS alarm WHERE alarm.station = station.id
            ) AS alarms, (
                SELECT count(*) FROM intake_quarantine AS kept WHERE kept.station = station.id
            ) AS quarantined
        FROM stations_station AS station
        LEFT JOIN stations_shop AS shop ON shop.id = station.shop
        LEFT JOIN intake_incarnation AS latest ON latest.station = station.id AND latest.epoch = (
            SELECT max(epoch) FROM intake_incarnation AS each WHERE each.station = station.id AND each.of = '')
    """,
    "console_alarm": """
        SELECT alarm.station || '/' || alarm.incarnation || '/' || alarm.seq || '/' || alarm.theirs AS key,
            alarm.station, known.epoch, alarm.seq, alarm.theirs, alarm.ours, alarm.first_us,
            alarm.last_us, alarm.times
        FROM intake_alarm AS alarm JOIN intake_incarnation AS known
            ON known.station = alarm.station AND known.incarnation = alarm.incarnation
    """,
    "console_conflict": """
        SELECT deed.station || '/' || deed.incarnation || '/' || deed.seq || '/' || deed.card AS key, deed.conflict, deed.station,
            deed.seq, member.name AS member_name, owner.name AS owner_name, deed.status, deed.stood, deed.by, deed.at_us,
            deed.decided_us, deed.closed_us IS NOT NULL AS closed
        FROM register_carddeed AS deed
        LEFT JOIN register_member AS member ON member.id = deed.member
        LEFT JOIN register_member AS owner ON owner.id = deed.owner
        WHERE deed.conflict <> ''
    """,
    "console_enrolment": """
        SELECT found.station || '/' || found.incarnation || '/' || found.seq AS key, found.station, found.seq, member.name AS member_name,
            other.name AS other_name, found.finding, found.by, found.approver, found.at_us, found.decided_us,
            found.finding <> '' AND found.closed_us IS NULL AS open
        FROM (
            SELECT given.*, CASE WHEN given.duplicate <> '' THEN 'DUPLICATE' WHEN given.known THEN 'KNOWN'
                WHEN given.referrer <> '' AND NOT given.referred THEN 'REFERRER' ELSE '' END AS finding
            FROM register_enrolment AS given
        ) AS found
        LEFT JOIN register_member AS member ON member.id = found.member
        LEFT JOIN register_member AS other ON other.id = found.duplicate
    """,
    "console_clone": """
        SELECT alert.station || '/' || alert.incarnation || '/' || alert.seq AS key, alert.kind, alert.station,
            alert.seq, alert.counter, alert.at_us, alert.other_station, alert.other_seq, other.at_us AS other_at_us,
            member.name AS member_name, alert.found_us, closed.seq IS NOT NULL AS closed
        FROM cards_clonealert AS alert
        LEFT JOIN cards_closed AS closed ON closed.card = alert.card AND closed.station = alert.station
            AND closed.incarnation = alert.incarnation AND closed.seq = alert.seq
        LEFT JOIN cards_seen AS other ON other.card = alert.card AND other.station = alert.other_station
            AND other.incarnation = alert.other_incarnation AND other.seq = alert.other_seq
        LEFT JOIN register_card AS card ON card.hash = alert.card
        LEFT JOIN register_member AS member ON member.id = card.member
    """,
    "console_difference": """
        SELECT difference.station || '/' || difference.incarnation || '/' || difference.seq || '/'
                || difference.breach AS key,
            difference.station, difference.seq, difference.breach, difference.detail,
            coalesce(sale.station || '/' || sale.sale_id, '') AS sale,
            coalesce(sale.business_date, '') AS business_date, coalesce(sale.total, 0) AS total, difference.found_us
        FROM audit_difference AS difference LEFT JOIN ledger_salereturn AS back
            ON back.station = difference.station AND back.incarnation = difference.incarnation
            AND back.seq = difference.seq
        LEFT JOIN ledger_sale AS sale
            ON sale.station = coalesce(back.sale_station, difference.station) AND sale.sale_id = difference.sale_id
    """,
    "console_quarantine": """
        SELECT kept.station || '/' || kept.incarnation || '/' || kept.seq AS key, kept.station,
            known.epoch, kept.seq, kept.reason, entry.raw, entry.received_us
        FROM intake_quarantine AS kept
        JOIN intake_incarnation AS known
            ON known.station = kept.station AND known.incarnation = kept.incarnation
        JOIN intake_entry AS entry
            ON entry.station = kept.station AND entry.incarnation = kept.incarnation
            AND entry.seq = kept.seq
    """,
}


class Migration(migrations.Migration):
    """The views of this part as first shipped."""

    initial = True

    dependencies: ClassVar = [
        ("audit", "0001_initial"),
        ("cards", "0001_initial"),
        ("intake", "0001_initial"),
        ("ledger", "0001_initial"),
        ("register", "0001_initial"),
        ("stations", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AlarmRow",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("epoch", models.BigIntegerField(verbose_name="epoch")),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("theirs", models.CharField(max_length=64, verbose_name="the station's hash")),
                ("ours", models.CharField(max_length=64, verbose_name="head office's hash")),
                ("first_us", models.BigIntegerField(verbose_name="first")),
                ("last_us", models.BigIntegerField(verbose_name="last")),
                ("times", models.BigIntegerField(verbose_name="times")),
            ],
            options={
                "verbose_name": "alarm",
                "verbose_name_plural": "alarms",
                "db_table": "console_alarm",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ConflictRow",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("conflict", models.CharField(max_length=16, verbose_name="conflict")),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("member_name", models.CharField(max_length=100, null=True, verbose_name="member")),
                ("owner_name", models.CharField(max_length=100, null=True, verbose_name="who has it")),
                ("status", models.CharField(max_length=16, verbose_name="wanted")),
                ("stood", models.CharField(max_length=16, verbose_name="stands as")),
                ("by", models.CharField(max_length=100, verbose_name="cashier")),
                ("at_us", models.BigIntegerField(verbose_name="time")),
                ("decided_us", models.BigIntegerField(verbose_name="found")),
                ("closed", models.BooleanField(verbose_name="closed")),
            ],
            options={
                "verbose_name": "card conflict",
                "verbose_name_plural": "card conflicts",
                "db_table": "console_conflict",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="EnrolmentRow",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("member_name", models.CharField(max_length=100, null=True, verbose_name="member")),
                ("other_name", models.CharField(max_length=100, null=True, verbose_name="who has the phone too")),
                ("finding", models.CharField(max_length=16, verbose_name="what was noticed")),
                ("by", models.CharField(max_length=100, verbose_name="cashier")),
                ("approver", models.CharField(max_length=100, verbose_name="approved by")),
                ("at_us", models.BigIntegerField(verbose_name="time")),
                ("decided_us", models.BigIntegerField(verbose_name="found")),
                ("open", models.BooleanField(verbose_name="open")),
            ],
            options={
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
                "db_table": "console_enrolment",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="CloneRow",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16, verbose_name="what was noticed")),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("counter", models.BigIntegerField(verbose_name="counter")),
                ("at_us", models.BigIntegerField(verbose_name="time")),
                ("other_station", models.CharField(max_length=24, verbose_name="against")),
                ("other_seq", models.BigIntegerField(verbose_name="entry")),
                ("other_at_us", models.BigIntegerField(null=True, verbose_name="other time")),
                ("member_name", models.CharField(max_length=100, null=True, verbose_name="member")),
                ("found_us", models.BigIntegerField(verbose_name="found")),
                ("closed", models.BooleanField(verbose_name="closed")),
            ],
            options={
                "verbose_name": "card alert",
                "verbose_name_plural": "card alerts",
                "db_table": "console_clone",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="DifferenceRow",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("breach", models.CharField(max_length=32, verbose_name="rule broken")),
                ("detail", models.CharField(max_length=500, verbose_name="figures")),
                ("sale", models.CharField(max_length=64, verbose_name="sale")),
                ("business_date", models.CharField(max_length=10, verbose_name="business date")),
                ("total", models.BigIntegerField(verbose_name="total")),
                ("found_us", models.BigIntegerField(verbose_name="found")),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "db_table": "console_difference",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="MemberRow",
            fields=[
                ("key", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("phone", models.CharField(max_length=16, verbose_name="phone")),
                ("tier", models.CharField(max_length=32, verbose_name="tier")),
                ("points", models.BigIntegerField(verbose_name="points")),
                ("last_visit", models.CharField(max_length=10, verbose_name="last visit")),
                ("segments", models.JSONField(verbose_name="segments")),
                ("birth_calendar", models.CharField(max_length=16)),
                ("birth_month", models.BigIntegerField()),
                ("birth_day", models.BigIntegerField()),
                ("cards", models.BigIntegerField(verbose_name="active cards")),
                ("sales", models.BigIntegerField(verbose_name="sales")),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "db_table": "console_member",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="QuarantineRow",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("epoch", models.BigIntegerField(verbose_name="epoch")),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("raw", models.BinaryField(verbose_name="entry as received")),
                ("received_us", models.BigIntegerField(verbose_name="received")),
            ],
            options={
                "verbose_name": "quarantined entry",
                "verbose_name_plural": "quarantine",
                "db_table": "console_quarantine",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="SaleRow",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("station", models.CharField(max_length=24, verbose_name="station")),
                ("sale_id", models.CharField(max_length=36, verbose_name="sale id")),
                ("incarnation", models.CharField(max_length=32)),
                ("named", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField(verbose_name="entry")),
                ("business_date", models.CharField(max_length=10, verbose_name="business date")),
                ("at_us", models.BigIntegerField(verbose_name="time")),
                ("at_offset", models.BigIntegerField()),
                ("cashier", models.CharField(max_length=100, verbose_name="cashier")),
                ("member", models.CharField(max_length=100, null=True)),
                ("member_name", models.CharField(max_length=100, null=True, verbose_name="member")),
                ("listed", models.BigIntegerField(verbose_name="before discount")),
                ("discount", models.BigIntegerField(verbose_name="discount")),
                ("tax", models.BigIntegerField(verbose_name="tax contained")),
                ("total", models.BigIntegerField(verbose_name="total")),
                ("points", models.BigIntegerField(verbose_name="points")),
                ("differences", models.BigIntegerField(verbose_name="differences")),
            ],
            options={
                "verbose_name": "sale",
                "verbose_name_plural": "sales",
                "db_table": "console_sale",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="StationRow",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=24, primary_key=True, serialize=False, verbose_name="station"
                    ),
                ),
                ("shop_fa", models.CharField(max_length=100, verbose_name="shop")),
                ("shop_en", models.CharField(max_length=100, verbose_name="shop")),
                ("revoked", models.BooleanField(verbose_name="revoked")),
                ("fingerprint", models.CharField(max_length=20, verbose_name="fingerprint of its key")),
                ("protection", models.CharField(max_length=16, verbose_name="its files")),
                ("epoch", models.BigIntegerField(null=True, verbose_name="epoch")),
                ("acknowledged", models.BigIntegerField(null=True, verbose_name="entries held")),
                ("last_seen_us", models.BigIntegerField(null=True, verbose_name="last seen")),
                ("alarms", models.BigIntegerField(verbose_name="alarms")),
                ("quarantined", models.BigIntegerField(verbose_name="in quarantine")),
            ],
            options={
                "verbose_name": "station",
                "verbose_name_plural": "stations",
                "db_table": "console_station",
                "managed": False,
            },
        ),
        *(
            migrations.RunSQL(f"CREATE VIEW {name} AS {query}", f"DROP VIEW {name}")
            for name, query in VIEWS.items()
        ),
    ]
