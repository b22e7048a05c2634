"""Links by which phones come in, and the phones that are cards."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("member", models.CharField(max_length=36)),
                ("expires_us", models.BigIntegerField()),
                ("public", models.BinaryField(default=b"")),
                ("card", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                ("hash", models.BigIntegerField(primary_key=True, serialize=False)),
                ("member", models.CharField(db_index=True, max_length=36)),
                ("public", models.BinaryField()),
                ("until", models.CharField(max_length=10)),
                ("granted_us", models.BigIntegerField()),
            ],
        ),
    ]
