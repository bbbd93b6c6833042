"""Every commitment has a key, once in its strategy; a closed one has the day on which it was closed."""

import django.db.models.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0011_keys_from_short_titles")]

    operations = [
        migrations.AlterField(
            model_name="commitment",
            name="key",
            field=models.SlugField(max_length=60, verbose_name="what its address is made of"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(fields=("strategy", "key"), name="key_once_in_a_strategy"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="key_is_given"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                fields=("strategy", "reference"),
                name="reference_once_in_a_strategy",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                fields=("priority", "number"),
                name="commitment_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", ""), ("status_at__isnull", True), ("status_by__isnull", True)),
                    models.Q(
                        models.Q(("status", ""), _negated=True),
                        ("status_at__isnull", False),
                        ("status_by__isnull", False),
                    ),
                    models.Q(("status", "closed"), ("status_at__isnull", False)),
                    _connector="OR",
                ),
                name="status_with_when_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("status", "closed")),
                    models.Q(
                        models.Q(("status", "closed"), _negated=True),
                        ("closed_on__isnull", True),
                        ("merged_into__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="closed_with_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True), name="merged_into_another"
            ),
        ),
    ]
