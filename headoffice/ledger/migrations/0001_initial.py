"""Sales, returns, points and balances; points are append-only."""

from typing import ClassVar

from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("member", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("points", models.BigIntegerField()),
                ("purchases", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="PointsEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=100)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("points", models.BigIntegerField()),
                ("rule", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("station"), models.F("incarnation"), models.F("seq"), name="points_by_entry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sale",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "sale_id", blank=True, editable=False, primary_key=True, serialize=False
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
                    models.Index(
                        models.F("station"), models.F("incarnation"), models.F("seq"), name="sale_by_entry"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleReturn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "return_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("return_id", models.CharField(max_length=36)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("sale_id", models.CharField(max_length=36)),
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
            ],
            options={
                "indexes": [
                    models.Index(models.F("business_date"), models.F("station"), name="return_by_date"),
                    models.Index(
                        models.F("station"), models.F("sale_incarnation"), models.F("sale_seq"), name="return_by_sale"
                    ),
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
        migrations.RunSQL(
            APPEND_ONLY.format(table="ledger_pointsentry", verb="UPDATE"),
            "DROP TRIGGER ledger_pointsentry_no_UPDATE",
        ),
        migrations.RunSQL(
            APPEND_ONLY.format(table="ledger_pointsentry", verb="DELETE"),
            "DROP TRIGGER ledger_pointsentry_no_DELETE",
        ),
    ]
