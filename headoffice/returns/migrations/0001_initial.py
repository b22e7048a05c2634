"""Whose turn it is at a sale whose goods come back."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "incarnation", "seq", "return_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("return_id", models.CharField(max_length=36)),
                ("holder", models.CharField(max_length=24)),
                ("settled", models.BooleanField(default=False)),
                ("until_us", models.BigIntegerField()),
            ],
        ),
    ]
