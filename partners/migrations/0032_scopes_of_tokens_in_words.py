"""The scopes of tokens say what they cover now. Nothing changes in the database."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0031_api_tokens"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("evidence", "Log evidence with its files, and send it for review"),
                        ("figures", "Enter figures: those of indicators, and those with sources"),
                        ("updates", "Save drafts of progress updates and send them for approval"),
                        ("points", "Record points"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
    ]
