"""The history of people and organisations can only be added to."""

from django.db import migrations

from vcsportal.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [append_only("partners_historyentry")]
