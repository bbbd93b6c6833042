"""What texts are searched by: words as they are written, without accents, and English stems, in one vector."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION IF EXISTS portal_words, portal_stems;
CREATE TEXT SEARCH CONFIGURATION portal_words (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION portal_words
  ALTER MAPPING FOR word, numword, hword, hword_part, hword_numpart WITH unaccent, simple;
CREATE TEXT SEARCH CONFIGURATION portal_stems (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION portal_stems ALTER MAPPING FOR word, hword, hword_part WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION portal_stems ALTER MAPPING FOR numword, hword_numpart WITH unaccent, simple;
"""
WORDS_OF = """
CREATE OR REPLACE FUNCTION portal_words_of(written text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT to_tsvector('public.portal_words', regexp_replace(written, $signs$[]!"#$%&'()*+,./:;<=>?@[\\\\^_`{|}~“”‘’ʼ´‚„«»‹›–—…·•¡¿-]$signs$, ' ', 'g'))
    || to_tsvector('public.portal_stems', regexp_replace(
      regexp_replace(written, $signs$['’‘ʼ`´]$signs$, '', 'g'), $signs$[]!"#$%&()*+,./:;<=>?@[\\\\^_{|}~“”‚„«»‹›–—…·•¡¿-]$signs$, ' ', 'g'))
$function$
"""
"""Typographic signs separate words, which PostgreSQL alone takes for letters. An apostrophe separates words as they are written, and
is nothing in a stem: "children's" is found by "childrens" and by "children"."""


class Migration(migrations.Migration):
    dependencies = [("partners", "0027_changed_by_hand")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(
            CONFIGURATIONS,
            "DROP TEXT SEARCH CONFIGURATION portal_words; DROP TEXT SEARCH CONFIGURATION portal_stems",
        ),
        migrations.RunSQL(WORDS_OF, "DROP FUNCTION portal_words_of(text)"),
    ]
