"""What people changed of an organisation by hand, so that a file of the directory does not undo it."""

from django.db import migrations, models

FIELDS = {"name", "kind", "description", "website", "team_mailbox", "telephone", "former_names", "source"}


def mark_from_history(apps, schema_editor):
    """Mark what the history says that people changed, and what they filled in when they added an organisation."""
    organisations = {each.pk: each for each in apps.get_model("partners", "Organisation").objects.all()}
    entries = apps.get_model("partners", "HistoryEntry").objects.filter(
        organisation__isnull=False, by__isnull=False, act__in=["registered", "edited", "ended", "listed"]
    )
    for entry in entries.exclude(detail="from a file").order_by("at", "id"):
        organisation = organisations[entry.organisation_id]
        if entry.act == "edited":
            changed = FIELDS.intersection(entry.detail.split(", "))
        elif entry.act == "registered":
            changed = {name for name in FIELDS if getattr(organisation, name)}
        else:
            changed = {"standing"}
        organisation.changed_by_hand |= dict.fromkeys(sorted(changed), entry.at.date().isoformat())
    for organisation in organisations.values():
        if organisation.changed_by_hand:
            organisation.save(update_fields=["changed_by_hand"])


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0026_joining_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="changed_by_hand",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="what people changed since the last file, with the day"
            ),
        ),
        migrations.RunPython(mark_from_history, migrations.RunPython.noop, elidable=True),
    ]
