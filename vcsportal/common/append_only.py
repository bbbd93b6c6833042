"""Tables whose rows stay: triggers refuse UPDATE and DELETE, or DELETE alone.

Personal data is erased from such a table by functions of the database that belong to the tables' owner, each for one
purpose, which its SQL states (``docs/decisions/0028-peoples-data.md``).
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A function of the table's owner may name the one table that it erases from; the application's own role may not.
  IF current_setting('portal.erases_from', true) = TG_TABLE_NAME
    AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The history in % can only be added to.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Return the migration step that makes ``table`` append-only for every role but functions of its owner that erase from it."""
    return migrations.RunSQL(
        f"{FUNCTION} CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION portal_append_only();",
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table};",
    )


NEVER_DELETED = """
CREATE OR REPLACE FUNCTION portal_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are ended and never deleted.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def never_deleted(table: str) -> migrations.RunSQL:
    """Return the migration step that refuses to delete a row of ``table``; changing one stays possible."""
    return migrations.RunSQL(
        f"{NEVER_DELETED} CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION portal_never_deleted();",
        f"DROP TRIGGER IF EXISTS {table}_never_deleted ON {table};",
    )
