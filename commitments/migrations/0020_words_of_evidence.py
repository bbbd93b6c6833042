"""The words that evidence is searched by stand beside it; PostgreSQL writes the table anew for it."""

import django.contrib.postgres.search
from django.db import migrations, models

READABLE = """
CREATE OR REPLACE FUNCTION portal_readable_words(words tsvector, item bigint, today date, insider boolean) RETURNS tsvector
LANGUAGE plpgsql STABLE COST 10 AS $$
DECLARE
  ended boolean;
  not_portal boolean;
  not_report boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM commitments_consent WHERE evidence_id = item AND file_id IS NULL) THEN RETURN words; END IF;
  SELECT bool_or(withdrawn_at IS NOT NULL OR coalesce(lasts_until < today, false)),
    bool_or(NOT uses @> '["portal"]'), bool_or(NOT uses @> '["report"]')
  INTO ended, not_portal, not_report
  FROM (
    SELECT DISTINCT ON (upper(given_by)) * FROM commitments_consent WHERE evidence_id = item AND file_id IS NULL
    ORDER BY upper(given_by), recorded_at DESC, id DESC
  ) AS newest;
  IF (ended OR (not_portal AND not_report)) AND NOT insider THEN RETURN ''; END IF;
  IF ended OR not_portal THEN RETURN ts_filter(words, '{a}'); END IF;
  RETURN words;
END $$;
"""
"""Without what consents keep back: the story's words (weight B), and the title's (A) where no details may be shown."""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0019_council_chooses_commitments")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.SearchVector(
                        models.Func(
                            models.F("title"),
                            models.Value("[]!\"#$%&'()*+,./:;<=>?@[\\\\^_`{|}~“”‘’‚„«»‹›–—…·•¡¿-]"),
                            models.Value(" "),
                            models.Value("g"),
                            function="regexp_replace",
                            output_field=models.TextField(),
                        ),
                        config=django.contrib.postgres.search.SearchConfig("simple"),
                        weight="A",
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        models.Func(
                            models.F("story"),
                            models.Value("[]!\"#$%&'()*+,./:;<=>?@[\\\\^_`{|}~“”‘’‚„«»‹›–—…·•¡¿-]"),
                            models.Value(" "),
                            models.Value("g"),
                            function="regexp_replace",
                            output_field=models.TextField(),
                        ),
                        config=django.contrib.postgres.search.SearchConfig("simple"),
                        weight="B",
                    ),
                    django.contrib.postgres.search.SearchConfig("simple"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.RunSQL(READABLE, "DROP FUNCTION portal_readable_words(tsvector, bigint, date, boolean)"),
    ]
