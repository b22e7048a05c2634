"""Where the feeds stand."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="FeedVersion",
            fields=[
                ("feed", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Life",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=32)),
                ("since", models.JSONField(default=dict)),
            ],
        ),
    ]
