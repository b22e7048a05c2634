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
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("phone", models.CharField(db_index=True, max_length=16)),
                ("tier", models.CharField(max_length=32)),
                ("last_visit", models.CharField(default="", max_length=10)),
                ("gone", models.BooleanField(default=False)),
                ("version", models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="PackDocument",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("document", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("published_us", models.BigIntegerField()),
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
                ("gone", models.BooleanField(default=False)),
                ("version", models.BigIntegerField(unique=True)),
            ],
        ),
    ]
