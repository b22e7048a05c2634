"""Members, cards, goods, packs."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Card",
            fields=[
                ("hash", models.BigIntegerField(primary_key=True, serialize=False)),
                ("member", models.CharField(db_index=True, max_length=36)),
                ("status", models.CharField(max_length=16)),
                ("block_version", models.BigIntegerField(null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Barcode",
            fields=[
                ("barcode", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("product", models.CharField(db_index=True, max_length=36)),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product", "shop", "from_us", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("product", models.CharField(max_length=36)),
                ("shop", models.CharField(max_length=16)),
                ("from_us", models.BigIntegerField()),
                ("price", models.BigIntegerField(null=True)),
                ("tax_percent", models.CharField(max_length=16, null=True)),
                ("tax_included", models.BooleanField(null=True)),
                ("taxes", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("name_fa", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=16)),
                ("shops", models.JSONField(default=list)),
                ("badge", models.BigIntegerField(null=True)),
                ("pin", models.CharField(default="", max_length=200)),
                ("must_change", models.BooleanField(default=False)),
                ("resets", models.BigIntegerField(default=0)),
                ("member", models.CharField(default="", max_length=36)),
                ("gone", models.BooleanField(default=False)),
                ("version", models.BigIntegerField(unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ("CASHIER", "SENIOR", "MANAGER"))),
                        name="role_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("phone", models.CharField(db_index=True, max_length=16)),
                ("tier", models.CharField(max_length=32)),
                ("last_visit", models.CharField(default="", max_length=10)),
                ("segments", models.JSONField(default=list)),
                ("birth_calendar", models.CharField(default="", max_length=16)),
                ("birth_month", models.BigIntegerField(default=0)),
                ("birth_day", models.BigIntegerField(default=0)),
                ("gone", models.BooleanField(default=False)),
                ("version", models.BigIntegerField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("birth_calendar", ""), ("birth_day", 0), ("birth_month", 0)
                        ) | models.Q(
                            ("birth_calendar__in", ("JALALI", "GREGORIAN")),
                            ("birth_day__range", (1, 31)),
                            ("birth_month__range", (1, 12)),
                        ),
                        name="birth_is_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PackDocument",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("document", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("published_us", models.BigIntegerField()),
                ("effective_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("barcode", models.CharField(max_length=32)),
                ("name_fa", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("price", models.BigIntegerField()),
                ("tax_percent", models.CharField(max_length=16)),
                ("tax_included", models.BooleanField()),
                ("tags", models.JSONField(default=list)),
                ("weighed", models.BooleanField(default=False)),
                ("category", models.CharField(default="", max_length=100)),
                ("kind", models.CharField(default="GOODS", max_length=16)),
                ("taxes", models.JSONField(default=list)),
                ("gone", models.BooleanField(default=False)),
                ("version", models.BigIntegerField(unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("GOODS", "GIFT_CARD", "TOP_UP"))),
                        name="kind_is_known",
                    )
                ],
            },
        ),
    ]
