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
                ("holder", models.CharField(default="", max_length=36)),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "purpose", "channel", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member", models.CharField(max_length=36)),
                ("purpose", models.CharField(max_length=16)),
                ("channel", models.CharField(max_length=16)),
                ("given_us", models.BigIntegerField()),
                ("station", models.CharField(default="", max_length=24)),
                ("withdrawn_us", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "incarnation", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("member", models.CharField(max_length=36)),
                ("by", models.CharField(max_length=100)),
                ("approver", models.CharField(default="", max_length=100)),
                ("at_us", models.BigIntegerField()),
                ("pack", models.BigIntegerField()),
                ("purchase", models.BigIntegerField()),
                ("referrer", models.CharField(default="", max_length=36)),
                ("referred", models.BooleanField(default=False)),
                ("duplicate", models.CharField(default="", max_length=36)),
                ("known", models.BooleanField(default=False)),
                ("decided_us", models.BigIntegerField()),
                ("closed_us", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "holder_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member", models.CharField(max_length=36)),
                ("holder_id", models.CharField(max_length=36)),
                ("name", models.CharField(default="", max_length=100)),
                ("points_per_day", models.BigIntegerField(null=True)),
                ("value_per_day", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NewHolder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "incarnation", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("member", models.CharField(max_length=36)),
                ("holder_id", models.CharField(max_length=36)),
                ("by", models.CharField(max_length=100)),
                ("at_us", models.BigIntegerField()),
                ("decided_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "incarnation", "seq", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("what", models.CharField(max_length=24)),
                ("value", models.CharField(default="", max_length=16)),
                ("member", models.CharField(max_length=36)),
                ("by", models.CharField(max_length=100)),
                ("at_us", models.BigIntegerField()),
                ("decided_us", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["member", "what"], name="telling_of_member")],
            },
        ),
        migrations.CreateModel(
            name="HolderUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member", "station", "incarnation", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member", models.CharField(max_length=100)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("holder", models.CharField(max_length=100)),
                ("day", models.CharField(max_length=10)),
                ("points", models.BigIntegerField()),
                ("value", models.BigIntegerField()),
                ("over", models.CharField(default="", max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["member", "holder", "day"], name="holder_use_by_day")],
            },
        ),
        migrations.CreateModel(
            name="CardDeed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "incarnation", "seq", "card", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("card", models.BigIntegerField()),
                ("member", models.CharField(max_length=100)),
                ("status", models.CharField(max_length=16)),
                ("was", models.CharField(max_length=16, null=True)),
                ("holder", models.CharField(max_length=100, null=True)),
                ("by", models.CharField(max_length=100)),
                ("at_us", models.BigIntegerField()),
                ("conflict", models.CharField(default="", max_length=16)),
                ("owner", models.CharField(default="", max_length=36)),
                ("stood", models.CharField(default="", max_length=16)),
                ("decided_us", models.BigIntegerField()),
                ("closed_us", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("decided_us"),
                        condition=models.Q(("conflict", ""), _negated=True),
                        name="deed_in_conflict",
                    )
                ],
            },
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
                ("email", models.CharField(default="", max_length=100)),
                ("tastes", models.JSONField(default=list)),
                ("area", models.CharField(default="", max_length=40)),
                ("invited_by", models.CharField(default="", max_length=36)),
                ("erased_us", models.BigIntegerField(default=0)),
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
