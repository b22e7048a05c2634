"""Journals as received, append-only."""

from typing import ClassVar

from django.db import migrations, models

from headoffice.transactions import append_only


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station",
                        "incarnation",
                        "seq",
                        "theirs",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("theirs", models.CharField(max_length=64)),
                ("ours", models.CharField(max_length=64)),
                ("first_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
                ("times", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station",
                        "incarnation",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("raw", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("received_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Incarnation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station",
                        "incarnation",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("of", models.CharField(default="", max_length=32)),
                ("base", models.BigIntegerField(default=0)),
                ("origin", models.CharField(default="", max_length=32)),
                ("epoch", models.BigIntegerField()),
                ("acknowledged", models.BigIntegerField(default=0)),
                ("projected", models.BigIntegerField(default=0)),
                ("head", models.BinaryField()),
                ("answered", models.CharField(default="", max_length=110)),
                ("receipt", models.BinaryField(default=b"")),
                ("first_seen_us", models.BigIntegerField()),
                ("last_seen_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Personal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station",
                        "incarnation",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("salt", models.BinaryField()),
                ("document", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Quarantine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station",
                        "incarnation",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("code", models.CharField(default="NOT_POSTED", max_length=16)),
                ("reason", models.CharField(max_length=300)),
            ],
        ),
        append_only("intake_entry", "station", "incarnation", "seq", "raw", "hash", "received_us"),
    ]
