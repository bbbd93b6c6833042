"""Adds what a photograph shows, for people who can't see it. Those that are there begin without one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0045_saved_workbook_rows")]

    operations = [
        migrations.AddField(
            model_name="evidencefile",
            name="description",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="what it shows, for people who can’t see it"
            ),
        ),
    ]
