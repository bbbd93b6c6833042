from django.db import migrations

UNNAME = """
CREATE FUNCTION portal_unname_history(who bigint, unnamed text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  named text; address text; words text; json_words text; into_text text; changed integer; total integer := 0;
BEGIN
  SELECT name, email INTO named, address FROM partners_user WHERE id = who AND NOT is_active AND erased_at IS NULL FOR UPDATE;
  IF named IS NULL OR unnamed NOT LIKE 'A former %' THEN
    RAISE EXCEPTION 'Names are taken out of the history only for a person whose access has ended.'
      USING ERRCODE = 'restrict_violation';
  END IF;
  -- Whole words only: "Ann" is not taken out of "Annual". Letters that mean something in a pattern are escaped.
  words := '(?<!\\w)(' || regexp_replace(named, '([^[:alnum:][:space:]])', '\\\\\\1', 'g') || '|'
    || regexp_replace(address, '([^[:alnum:][:space:]])', '\\\\\\1', 'g') || ')(?!\\w)';
  json_words := '(?<!\\w)('
    || regexp_replace(substr(to_json(named)::text, 2, length(to_json(named)::text) - 2), '([^[:alnum:][:space:]])', '\\\\\\1', 'g')
    || '|' || regexp_replace(address, '([^[:alnum:][:space:]])', '\\\\\\1', 'g') || ')(?!\\w)';
  into_text := replace(unnamed, '\\', '\\\\');
  PERFORM set_config('portal.erases_from', 'partners_historyentry', true);
  UPDATE partners_historyentry SET detail = regexp_replace(detail, words, into_text, 'gi') WHERE detail ~* words;
  GET DIAGNOSTICS changed = ROW_COUNT; total := total + changed;
  PERFORM set_config('portal.erases_from', 'commitments_historyentry', true);
  UPDATE commitments_historyentry SET reason = regexp_replace(reason, words, into_text, 'gi'),
    said = regexp_replace(said::text, json_words, substr(to_json(into_text)::text, 2, length(to_json(into_text)::text) - 2), 'gi')::jsonb
    WHERE reason ~* words OR said::text ~* json_words;
  GET DIAGNOSTICS changed = ROW_COUNT; total := total + changed;
  PERFORM set_config('portal.erases_from', '', true);
  RETURN total;
END $$;
"""


class Migration(migrations.Migration):
    """A person's name can be taken out of the history once their access has ended; who did what stays, by the person's key."""

    dependencies = [
        ("commitments", "0014_retention"),
        ("partners", "0012_complaints"),
    ]
    operations = [migrations.RunSQL(UNNAME, "DROP FUNCTION portal_unname_history(bigint, text);")]
