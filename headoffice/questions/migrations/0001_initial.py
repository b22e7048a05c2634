"""What members said, and what became of it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of this part as first shipped."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "station", "incarnation", "seq",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("station", models.CharField(max_length=24)),
                ("incarnation", models.CharField(max_length=32)),
                ("seq", models.BigIntegerField()),
                ("ask_id", models.CharField(max_length=36)),
                ("kind", models.CharField(max_length=16)),
                ("subject", models.CharField(max_length=16)),
                ("member", models.CharField(default="", max_length=100)),
                ("answer_by", models.CharField(max_length=16)),
                ("agreed", models.BooleanField(default=False)),
                ("heard_by", models.CharField(max_length=100)),
                ("at_us", models.BigIntegerField()),
                ("words", models.TextField(default="")),
                ("state", models.CharField(default="OPEN", max_length=16)),
                ("answer", models.TextField(default="")),
                ("answered_us", models.BigIntegerField(null=True)),
                ("answered_by", models.CharField(default="", max_length=100)),
                ("closed_us", models.BigIntegerField(null=True)),
                ("told_us", models.BigIntegerField(null=True)),
                ("told_by", models.CharField(default="", max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("at_us"), condition=models.Q(("state", "CLOSED"), _negated=True), name="question_open"),
                    models.Index(
                        models.F("member"), models.F("at_us"), condition=models.Q(("member", ""), _negated=True),
                        name="question_by_member"),
                ],
            },
        ),
    ]
