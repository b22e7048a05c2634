"""Shops, stations, pairing."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Nonce",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "nonce", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("nonce", models.CharField(max_length=64)),
                ("used_s", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="PairingCode",
            fields=[
                ("name", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("key", models.BinaryField()),
                ("shop", models.CharField(max_length=16)),
                ("station", models.CharField(default="", max_length=24)),
                ("expires_us", models.BigIntegerField()),
                ("used_us", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Shop",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("name_fa", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="Station",
            fields=[
                ("id", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("shop", models.CharField(max_length=16)),
                ("public_key", models.BinaryField()),
                ("next_key", models.BinaryField(default=b"")),
                ("fingerprint", models.CharField(default="", max_length=20)),
                ("key_us", models.BigIntegerField(default=0)),
                ("paired_us", models.BigIntegerField()),
                ("revoked", models.BooleanField(default=False)),
                ("revoked_us", models.BigIntegerField(null=True)),
                ("protection", models.CharField(default="", max_length=16)),
            ],
        ),
    ]
