"""Published reports are searched by the words of their narrative too. PostgreSQL writes the table of editions anew for it; facts
stay as they are."""

from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

NARRATIVE_OF = """
CREATE OR REPLACE FUNCTION portal_narrative_of(facts jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT ARRAY(SELECT told #>> '{}' FROM jsonb_path_query(
    facts,
    '$.texts[*] ? (@.section == "foreword" || @.section == "forward-plan" || @.section starts with "priority-").text'
  ) AS told)
$function$
"""
"""The sections of the committee paper are left out: they are not published with the report."""
WORDS_OF_NARRATIVE = """
CREATE OR REPLACE FUNCTION portal_words_of_narrative(facts jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT setweight(public.portal_words_of(array_to_string(public.portal_narrative_of(facts), E'\\n')), 'C')
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0017_data_snapshots"), ("partners", "0028_words")]

    operations = [
        migrations.RunSQL(NARRATIVE_OF, "DROP FUNCTION portal_narrative_of(jsonb)"),
        migrations.RunSQL(WORDS_OF_NARRATIVE, "DROP FUNCTION portal_words_of_narrative(jsonb)"),
        migrations.AddField(
            model_name="edition",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("facts", function="portal_words_of_narrative", output_field=SearchVectorField()),
                output_field=SearchVectorField(),
            ),
        ),
    ]
