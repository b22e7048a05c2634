"""Differences."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Difference",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station",
                        "incarnation",
                        "seq",
                        "breach",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("breach", models.CharField(max_length=32)),
                ("sale_id", models.CharField(max_length=36)),
                ("detail", models.CharField(max_length=500)),
                ("found_us", models.BigIntegerField()),
            ],
        ),
    ]
