import django.db.models.deletion
from django.db import migrations, models

FILLED = """
INSERT INTO reporting_consentedcontent (edition_id, evidence, story, details, photographs)
SELECT edition.id, (item ->> 'id')::bigint,
  coalesce(item ->> 'story', '') NOT IN ('', 'The story has been taken back at the request of those it is about.'),
  coalesce(item ->> 'story_state', '') NOT IN ('withdrawn', 'expired', 'refused'),
  coalesce((SELECT jsonb_agg(shown -> 'file') FROM jsonb_array_elements(item -> 'photographs') AS shown), '[]')
FROM reporting_edition AS edition
CROSS JOIN LATERAL jsonb_array_elements(
  CASE WHEN jsonb_typeof(edition.facts -> 'evidence') = 'array' THEN edition.facts -> 'evidence' ELSE '[]' END
  || CASE WHEN jsonb_typeof(edition.facts -> 'late') = 'array' THEN edition.facts -> 'late' ELSE '[]' END
) AS item
WHERE edition.state = 'ready'
ON CONFLICT DO NOTHING;
"""
SEALED = """
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TRIGGER reporting_consentedcontent_sealed BEFORE INSERT OR UPDATE OR DELETE ON reporting_consentedcontent
  FOR EACH ROW EXECUTE FUNCTION reporting_sealed_part();
SET CONSTRAINTS ALL DEFERRED;
"""
OPENED = "DROP TRIGGER IF EXISTS reporting_consentedcontent_sealed ON reporting_consentedcontent;"


class Migration(migrations.Migration):
    """What editions show on the ground of consents, read from the facts of those that are made, and sealed with them."""

    dependencies = [
        ("reporting", "0010_integrity_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentedContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("evidence", models.BigIntegerField(db_index=True)),
                ("story", models.BooleanField(default=False)),
                ("details", models.BooleanField(default=False)),
                ("photographs", models.JSONField(default=list)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consented", to="reporting.edition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "evidence"), name="consented_once_in_an_edition")
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="reporting.edition"
                    ),
                ),
                (
                    "replacement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reporting.edition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("edition",),
                        name="one_suspension_of_an_edition",
                    )
                ],
            },
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(SEALED, OPENED),
    ]
