"""Claims, members' PINs, and how often was tried."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("subject", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("failed", models.BigIntegerField(default=0)),
                ("sent", models.BigIntegerField(default=0)),
                ("since_us", models.BigIntegerField()),
                ("locked_until_us", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "claim_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("claim_id", models.CharField(max_length=36)),
                ("subject", models.CharField(max_length=80)),
                ("member", models.CharField(default="", max_length=36)),
                ("method", models.CharField(max_length=8)),
                ("code", models.BinaryField(default=b"")),
                ("begun_us", models.BigIntegerField()),
                ("until_us", models.BigIntegerField()),
                ("tries", models.BigIntegerField(default=0)),
                ("answered", models.BinaryField(default=b"")),
                ("judged", models.BigIntegerField(default=0)),
                ("proven_us", models.BigIntegerField(null=True)),
                ("used_incarnation", models.CharField(default="", max_length=32)),
                ("used_seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("member", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("verifier", models.CharField(max_length=200)),
                ("changed_us", models.BigIntegerField()),
            ],
        ),
    ]
