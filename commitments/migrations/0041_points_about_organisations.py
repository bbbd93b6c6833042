"""A message can be about the page of an organisation."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0040_case_studies"),
        ("partners", "0026_joining_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="point",
            name="about_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points_about",
                to="partners.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="point",
            name="kind",
            field=models.CharField(
                choices=[
                    ("said", "Said at a meeting or event"),
                    ("decision", "Decision"),
                    ("feedback", "A problem with a page"),
                    ("missed_work", "Work that is not shown"),
                    ("listing", "A listing in the directory"),
                    ("proposal", "A question or proposal"),
                    ("interest", "Expression of interest"),
                ],
                max_length=20,
            ),
        ),
    ]
