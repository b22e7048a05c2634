"""Sales, returns, ledgers of points and of stored value, and the order of posting; ledgers are append-only."""

from typing import ClassVar

from django.db import migrations, models

from headoffice.transactions import append_only

ROW = (
    "key", "station", "incarnation", "seq", "kind", "rule", "posted", "day", "moves", "origin", "lapsed", "clamped")


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Sale",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "sale_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("sale_id", models.CharField(max_length=36)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("shop", models.CharField(max_length=100)),
                ("business_date", models.CharField(max_length=10)),
                ("hour", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("at_offset", models.BigIntegerField()),
                ("shift", models.BigIntegerField()),
                ("cashier", models.CharField(max_length=100)),
                ("member", models.CharField(max_length=100, null=True)),
                ("pack", models.BigIntegerField()),
                ("listed", models.BigIntegerField()),
                ("discount", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("points", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(models.F("business_date"), models.F("station"), name="sale_by_date"),
                    models.Index(models.F("station"), models.F("incarnation"), models.F("seq"), name="sale_by_entry"),
                    models.Index(
                        models.F("member"), models.F("business_date"), condition=models.Q(("member__isnull", False)),
                        name="sale_by_member"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleReturn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "return_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("return_id", models.CharField(max_length=36)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("sale_id", models.CharField(max_length=36)),
                ("sale_station", models.CharField(max_length=24)),
                ("sale_incarnation", models.CharField(max_length=32)),
                ("sale_seq", models.BigIntegerField()),
                ("number", models.BigIntegerField()),
                ("business_date", models.CharField(max_length=10)),
                ("shift", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("at_offset", models.BigIntegerField()),
                ("cashier", models.CharField(max_length=100)),
                ("member", models.CharField(max_length=100, null=True)),
                ("money", models.BigIntegerField()),
                ("cause", models.CharField(max_length=16)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("business_date"), models.F("station"), name="return_by_date"),
                    models.Index(
                        models.F("sale_station"), models.F("sale_incarnation"), models.F("sale_seq"),
                        name="return_by_sale"),
                    models.Index(models.F("station"), models.F("incarnation"), models.F("seq"), name="return_by_entry"),
                    models.Index(
                        models.F("member"), models.F("business_date"), condition=models.Q(("member__isnull", False)),
                        name="return_by_member"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnTender",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "return_id", "number",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("return_id", models.CharField(max_length=36)),
                ("number", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("account", models.CharField(max_length=100)),
                ("amount", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="PointsEntry",
            fields=[
                ("key", models.CharField(max_length=1100)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("rule", models.CharField(max_length=100)),
                ("posted", models.BigIntegerField()),
                ("day", models.CharField(max_length=10)),
                ("moves", models.TextField(default="")),
                ("origin", models.CharField(default="", max_length=100)),
                ("lapsed", models.BigIntegerField(default=0)),
                ("clamped", models.BigIntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "key",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("member", models.CharField(max_length=100)),
                ("points", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("station"), models.F("incarnation"), models.F("seq"),
                        name="points_by_entry"),
                    models.Index(
                        models.F("member"), models.F("origin"),
                        condition=models.Q(("origin__gt", "")), name="points_by_origin"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueEntry",
            fields=[
                ("key", models.CharField(max_length=1100)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("rule", models.CharField(max_length=100)),
                ("posted", models.BigIntegerField()),
                ("day", models.CharField(max_length=10)),
                ("moves", models.TextField(default="")),
                ("origin", models.CharField(default="", max_length=100)),
                ("lapsed", models.BigIntegerField(default=0)),
                ("clamped", models.BigIntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "key",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("account", models.CharField(max_length=100)),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("station"), models.F("incarnation"), models.F("seq"),
                        name="value_by_entry"),
                    models.Index(
                        models.F("account"), models.F("origin"),
                        condition=models.Q(("origin__gt", "")), name="value_by_origin"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsLot",
            fields=[
                ("lot_id", models.CharField(max_length=1000)),
                ("source", models.CharField(max_length=100)),
                ("sale", models.CharField(max_length=36)),
                ("first_day", models.CharField(max_length=10)),
                ("last_day", models.CharField(max_length=10)),
                ("opened", models.BigIntegerField()),
                ("held", models.BigIntegerField()),
                ("expired", models.BigIntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "lot_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("member", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("member"), condition=models.Q(("held__gt", 0)), name="points_lot_open"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueLot",
            fields=[
                ("lot_id", models.CharField(max_length=1000)),
                ("source", models.CharField(max_length=100)),
                ("sale", models.CharField(max_length=36)),
                ("first_day", models.CharField(max_length=10)),
                ("last_day", models.CharField(max_length=10)),
                ("opened", models.BigIntegerField()),
                ("held", models.BigIntegerField()),
                ("expired", models.BigIntegerField(default=0)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "lot_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("account", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("account"), condition=models.Q(("held__gt", 0)), name="value_lot_open"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("member", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("points", models.BigIntegerField()),
                ("purchases", models.BigIntegerField()),
                ("debt", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ValueAccount",
            fields=[
                ("account", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=16)),
                ("member", models.CharField(max_length=100)),
                ("amount", models.BigIntegerField(default=0)),
                ("debt", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "step",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("step", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("incarnation", models.CharField(max_length=32)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(models.F("step"), name="step_in_order"),
                ],
            },
        ),
        append_only("ledger_pointsentry", *ROW, "member", "points"),
        append_only("ledger_valueentry", *ROW, "account", "amount"),
        append_only("ledger_step", "station", "step", "kind", "incarnation", "first", "last", "at_us"),
    ]
