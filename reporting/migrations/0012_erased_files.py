import django.db.models.deletion
from django.db import migrations, models

from vcsportal.common.append_only import append_only


class Migration(migrations.Migration):
    """Which files of published editions were erased after a consent had ended. The sealed rows stay as they are."""

    dependencies = [("reporting", "0011_consented_content"), ("commitments", "0014_retention")]

    operations = [
        migrations.CreateModel(
            name="FaceErasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "face",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="reporting.face"
                    ),
                ),
            ],
        ),
        append_only("reporting_faceerasure"),
    ]
