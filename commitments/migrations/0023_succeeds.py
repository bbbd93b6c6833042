import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0022_deleted_rounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="succeeds",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="succeeded_by",
                to="commitments.strategy",
            ),
        ),
    ]
