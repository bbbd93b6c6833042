"""Second steps: until when a first one may be set up, and from when sessions count.

Whoever needs one and is there already gets the same fortnight as somebody who is invited today.
"""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

NEEDED_BY = ["administrator", "officer"]
"""The roles that needed a second step when this was written."""


def open_set_up(apps, schema_editor):
    grants = apps.get_model("partners", "RoleGrant").objects.filter(role__in=NEEDED_BY, ended_at=None)
    people = apps.get_model("partners", "User").objects.filter(pk__in=grants.values("person_id"))
    people.update(second_step_until=timezone.now() + timedelta(days=14))


class Migration(migrations.Migration):
    dependencies = [("partners", "0014_posts_and_team_mailboxes")]

    operations = [
        migrations.AddField("user", "second_step_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("user", "sessions_from", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(open_set_up, migrations.RunPython.noop),
    ]
