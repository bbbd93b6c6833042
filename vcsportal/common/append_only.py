"""History that can't be rewritten: a trigger refuses UPDATE and DELETE, whoever asks."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The history in % can only be added to.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Return the migration step that makes ``table`` append-only for every role but a superuser who drops the trigger."""
    return migrations.RunSQL(
        f"{FUNCTION} CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION portal_append_only();",
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table};",
    )
