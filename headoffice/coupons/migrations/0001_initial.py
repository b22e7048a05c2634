"""What entries did to coupons."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code", "station", "incarnation", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=200)),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("number", models.BigIntegerField()),
                ("deed", models.CharField(max_length=8)),
                ("member", models.CharField(max_length=100)),
                ("promotion", models.CharField(max_length=100)),
                ("last_day", models.CharField(max_length=10)),
                ("at_us", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["number"], name="coupon_called"),
                    models.Index(condition=models.Q(("deed", "GIVEN")), fields=["member", "last_day"], name="coupon_given"),
                ],
            },
        ),
    ]
