"""A priority may have a reference of its own, beside the number that gives its place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0026_round_titles")]

    operations = [
        migrations.AddField(
            model_name="priority",
            name="reference",
            field=models.CharField(
                blank=True, default="", max_length=20, verbose_name="what the strategy calls it; blank for its number"
            ),
        ),
    ]
