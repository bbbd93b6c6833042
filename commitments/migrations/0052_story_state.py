"""The database answers how a story stands by itself: a query that spells the rule out takes longer to write than to run."""

from importlib import import_module

from django.db import migrations

STATE = """
CREATE OR REPLACE FUNCTION portal_story_state(item bigint, today date, shown_in text, other text) RETURNS text
LANGUAGE plpgsql STABLE COST 10 AS $$
DECLARE
  withdrawn boolean;
  expired boolean;
  not_here boolean;
  not_there boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM commitments_consent WHERE evidence_id = item AND file_id IS NULL AND quotation_id IS NULL) THEN RETURN ''; END IF;
  SELECT bool_or(withdrawn_at IS NOT NULL), bool_or(lasts_until < today),
    bool_or(NOT uses @> to_jsonb(shown_in)), bool_or(NOT uses @> to_jsonb(other))
  INTO withdrawn, expired, not_here, not_there
  FROM (
    SELECT DISTINCT ON (upper(given_by)) * FROM commitments_consent
    WHERE evidence_id = item AND file_id IS NULL AND quotation_id IS NULL
    ORDER BY upper(given_by), recorded_at DESC, id DESC
  ) AS newest;
  RETURN CASE
    WHEN withdrawn THEN 'withdrawn'
    WHEN expired THEN 'expired'
    WHEN not_here AND not_there THEN 'refused'
    WHEN not_here THEN other || '_only'
    ELSE ''
  END;
END $$;
"""
"""Each person's latest answer counts. The states are those of ``commitments.rules.story_consent``."""
READABLE = """
CREATE OR REPLACE FUNCTION portal_readable_words(words tsvector, item bigint, today date, insider boolean) RETURNS tsvector
LANGUAGE plpgsql STABLE COST 10 AS $$
DECLARE
  state text := portal_story_state(item, today, 'portal', 'report');
BEGIN
  IF state = '' THEN RETURN words; END IF;
  IF state IN ('withdrawn', 'expired', 'refused') AND NOT insider THEN RETURN ''; END IF;
  RETURN ts_filter(words, '{a}');
END $$;
"""
"""The function of 0040 once more, by the same rule."""
BEFORE = import_module("commitments.migrations.0040_case_studies").READABLE


class Migration(migrations.Migration):
    dependencies = [("commitments", "0051_public_effect")]

    operations = [
        migrations.RunSQL(STATE, "DROP FUNCTION portal_story_state(bigint, date, text, text)"),
        migrations.RunSQL(READABLE, BEFORE),
    ]
