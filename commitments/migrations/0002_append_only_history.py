"""The history of commitments, updates and evidence can only be added to."""

from django.db import migrations

from vcsportal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]
    operations = [append_only("commitments_historyentry")]
