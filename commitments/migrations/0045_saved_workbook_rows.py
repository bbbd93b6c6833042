"""Adds which rows of an uploaded workbook have been saved, so that they are not saved twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0044_texts_of_case_studies")]

    operations = [
        migrations.AddField(
            model_name="uploadedworkbook",
            name="saved",
            field=models.JSONField(default=dict),
        ),
    ]
