from django.db import migrations, models

from vcsportal.common.append_only import append_only

SEALED = """
CREATE OR REPLACE FUNCTION reporting_sealed_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'Edition % is published: it can not be changed or removed.', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reporting_edition_sealed BEFORE UPDATE OR DELETE ON reporting_edition
  FOR EACH ROW EXECUTE FUNCTION reporting_sealed_edition();
CREATE OR REPLACE FUNCTION reporting_sealed_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.edition_id] WHEN 'DELETE' THEN ARRAY[OLD.edition_id]
    ELSE ARRAY[OLD.edition_id, NEW.edition_id] END;
BEGIN
  -- FOR SHARE: nobody publishes the edition between this look and the end of the transaction.
  PERFORM 1 FROM reporting_edition WHERE id = ANY(whole) AND published_at IS NULL FOR SHARE;
  IF EXISTS (SELECT 1 FROM reporting_edition WHERE id = ANY(whole) AND published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'The edition that this row of % belongs to is published: nothing of it can be changed.', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reporting_face_sealed BEFORE INSERT OR UPDATE OR DELETE ON reporting_face
  FOR EACH ROW EXECUTE FUNCTION reporting_sealed_part();
CREATE TRIGGER reporting_citation_sealed BEFORE INSERT OR UPDATE OR DELETE ON reporting_citation
  FOR EACH ROW EXECUTE FUNCTION reporting_sealed_part();
"""
OPENED = """
DROP TRIGGER IF EXISTS reporting_edition_sealed ON reporting_edition;
DROP TRIGGER IF EXISTS reporting_face_sealed ON reporting_face;
DROP TRIGGER IF EXISTS reporting_citation_sealed ON reporting_citation;
DROP FUNCTION IF EXISTS reporting_sealed_edition();
DROP FUNCTION IF EXISTS reporting_sealed_part();
"""


class Migration(migrations.Migration):
    """From here on a published edition can't be changed by anybody who is not the tables' owner."""

    dependencies = [("reporting", "0004_files_become_faces")]
    operations = [
        migrations.RemoveField(
            model_name="edition",
            name="content",
        ),
        migrations.RemoveField(
            model_name="edition",
            name="pages",
        ),
        migrations.RemoveField(
            model_name="edition",
            name="sha256",
        ),
        migrations.RemoveField(
            model_name="edition",
            name="size",
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ready"), _negated=True),
                    models.Q(models.Q(("facts_sha256", ""), _negated=True), ("facts__isnull", False)),
                    _connector="OR",
                ),
                name="ready_edition_is_whole",
            ),
        ),
        append_only("reporting_textversion"),
        append_only("reporting_withdrawal"),
        migrations.RunSQL(SEALED, OPENED),
    ]
