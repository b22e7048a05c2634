"""Accounts, leases, reservations and how sales were covered; what was settled is append-only."""

from typing import ClassVar

from django.db import migrations, models

from headoffice.transactions import append_only


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=16)),
                ("leased", models.BigIntegerField(default=0)),
                ("reserved", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("spent", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "claim", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("claim", models.CharField(max_length=36)),
                ("form", models.CharField(max_length=16)),
                ("account", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="LeasePart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "lease_id", "lot", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.CharField(max_length=100)),
                ("lease_id", models.CharField(max_length=36)),
                ("lot", models.CharField(max_length=1000)),
                ("amount", models.BigIntegerField()),
                ("used", models.BigIntegerField(default=0)),
                ("expires_us", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "reservation_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.CharField(max_length=100)),
                ("reservation_id", models.CharField(max_length=36)),
                ("kind", models.CharField(max_length=16)),
                ("station", models.CharField(max_length=24)),
                ("amount", models.BigIntegerField()),
                ("hold_s", models.BigIntegerField()),
                ("made_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("answer", models.BinaryField()),
                ("lost_us", models.BigIntegerField(null=True)),
                ("holder", models.CharField(default="", max_length=160)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("made_us"), condition=models.Q(("state", "COMMITTED")), name="reservation_committed"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "lease_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.CharField(max_length=100)),
                ("lease_id", models.CharField(max_length=36)),
                ("kind", models.CharField(max_length=16)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("amount", models.BigIntegerField()),
                ("used", models.BigIntegerField(default=0)),
                ("granted_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("reclaim_us", models.BigIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("ended_us", models.BigIntegerField(null=True)),
                ("document", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(models.F("station"), models.F("state"), name="lease_by_station")],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "kind", "station", "incarnation", "seq",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("account", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=16)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("leased", models.BigIntegerField()),
                ("reserved", models.BigIntegerField()),
                ("charged", models.BigIntegerField()),
                ("written_off", models.BigIntegerField()),
                ("reason", models.CharField(max_length=32)),
                ("settled_us", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("station"), models.F("settled_us"),
                        condition=models.Q(("written_off__gt", 0)), name="write_off_by_station"),
                ],
            },
        ),
        append_only(
            "spending_settlement", "amount", "leased", "reserved", "charged", "written_off", "reason", "settled_us"),
    ]
