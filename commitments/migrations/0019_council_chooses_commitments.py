"""Evidence may leave the choice of its commitments to the council, within one strategy, until it is accepted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0018_plain_english")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="council_chooses_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_to_place",
                to="commitments.strategy",
                verbose_name="the strategy in which the council chooses the commitments",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "accepted"), _negated=True)
                | models.Q(("council_chooses_in__isnull", True)),
                name="accepted_evidence_has_its_commitments",
            ),
        ),
    ]
