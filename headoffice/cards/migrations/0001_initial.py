"""Chips, seen codes, alerts, the order of the answers feed."""

from typing import ClassVar

from django.db import migrations, models


def _key(*columns: str) -> tuple[str, models.CompositePrimaryKey]:
    return "pk", models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Chip",
            fields=[
                ("card", models.BigIntegerField(primary_key=True, serialize=False)),
                ("uid", models.CharField(max_length=20)),
                ("technology", models.CharField(max_length=16)),
                ("key_version", models.BigIntegerField()),
                ("shop", models.CharField(max_length=16)),
                ("counter", models.BigIntegerField(default=0)),
                ("issued_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Checked",
            fields=[
                ("card", models.BigIntegerField(primary_key=True, serialize=False)),
                ("counter", models.BigIntegerField()),
                ("mark", models.CharField(max_length=16)),
                ("station", models.CharField(max_length=24)),
                ("at_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                _key("card", "station", "incarnation", "seq"),
                ("card", models.BigIntegerField()),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("counter", models.BigIntegerField()),
                ("mark", models.CharField(max_length=16)),
                ("tier", models.BigIntegerField()),
                ("refused", models.CharField(max_length=32)),
                ("at_us", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["card", "kind", "counter"], name="seen_by_counter")]},
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                _key("card", "kind"),
                ("card", models.BigIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("counter", models.BigIntegerField()),
                ("top", models.BigIntegerField()),
                ("latest_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CloneAlert",
            fields=[
                _key("card", "station", "incarnation", "seq"),
                ("card", models.BigIntegerField()),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("counter", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("other_station", models.CharField(max_length=24)),
                ("other_incarnation", models.CharField(max_length=32)),
                ("other_seq", models.BigIntegerField()),
                ("found_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Closed",
            fields=[
                _key("card", "station", "incarnation", "seq"),
                ("card", models.BigIntegerField()),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("closed_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                _key("card", "shop"),
                ("card", models.BigIntegerField()),
                ("shop", models.CharField(max_length=16)),
                ("counter", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["shop", "version"], name="window_by_version")]},
        ),
    ]
