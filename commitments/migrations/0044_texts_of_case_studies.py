"""What a case study says about who it is for, and how it was told, belongs to each text, which never changes.

The texts that are read keep what the case study says today. What was sent last is read from the history. A choice for a
report that was made before the case study was withdrawn has ended with it.
"""

import django.db.models.deletion
from django.db import migrations, models

from vcsportal.common.append_only import append_only, never_deleted

TO_TEXTS = """
ALTER TABLE commitments_casestudytext DISABLE TRIGGER commitments_casestudytext_append_only;
UPDATE commitments_casestudy AS c SET submitted_at = NULL, submitted_by_id = NULL
WHERE submitted_at IS NOT NULL AND state = 'draft' AND published_id IS NULL AND (
  SELECT act FROM commitments_historyentry AS h
  WHERE h.case_study_id = c.id AND act IN ('case_submit', 'case_reopen') ORDER BY h.id DESC LIMIT 1
) = 'case_reopen';
UPDATE commitments_casestudy AS c SET sent_id = CASE
  WHEN state IN ('submitted', 'accepted', 'returned') THEN newest_id
  ELSE coalesce(
    (
      SELECT t.id FROM commitments_historyentry AS h
      JOIN commitments_casestudytext AS t ON t.id = (h.said ->> 'text')::bigint AND t.case_study_id = c.id
      WHERE h.case_study_id = c.id AND h.act = 'case_submit' ORDER BY h.id DESC LIMIT 1
    ),
    published_id, newest_id
  ) END
WHERE submitted_at IS NOT NULL;
UPDATE commitments_casestudytext AS t SET told_how = c.told_how FROM commitments_casestudy AS c WHERE t.id IN (c.newest_id, c.sent_id, c.published_id);
INSERT INTO commitments_casestudytext_strands (casestudytext_id, strand_id)
SELECT t.id, s.strand_id FROM commitments_casestudy AS c
JOIN commitments_casestudy_strands AS s ON s.casestudy_id = c.id
JOIN commitments_casestudytext AS t ON t.id IN (c.newest_id, c.sent_id, c.published_id);
UPDATE commitments_casestudychoice AS choice SET removed_at = h.at, removed_by_id = h.by_id
FROM (
  SELECT DISTINCT ON (case_study_id) case_study_id, at, by_id FROM commitments_historyentry
  WHERE act = 'case_withdraw' AND by_id IS NOT NULL ORDER BY case_study_id, id DESC
) AS h
WHERE h.case_study_id = choice.case_study_id AND choice.removed_at IS NULL AND choice.chosen_at <= h.at;
ALTER TABLE commitments_casestudytext ENABLE TRIGGER commitments_casestudytext_append_only;
"""
TO_CASE_STUDIES = """
UPDATE commitments_casestudy AS c SET told_how = t.told_how FROM commitments_casestudytext AS t WHERE t.id = c.newest_id;
INSERT INTO commitments_casestudy_strands (casestudy_id, strand_id)
SELECT c.id, s.strand_id FROM commitments_casestudy AS c
JOIN commitments_casestudytext_strands AS s ON s.casestudytext_id = c.newest_id;
"""
AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE;"
"""Changes of a table wait for its keys to be checked."""


def checked_at_once() -> migrations.RunSQL:
    return migrations.RunSQL(AT_ONCE, AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0043_indicators_by_strand"),
        ("partners", "0024_strands_and_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="casestudytext",
            name="told_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("telephone", "By telephone"),
                    ("in_person", "In person"),
                    ("on_paper", "On the printed form"),
                    ("letter", "By letter or card"),
                ],
                default="",
                max_length=20,
                verbose_name="how it was told, where somebody else wrote it",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="casestudytext",
            name="strands",
            field=models.ManyToManyField(blank=True, related_name="case_study_texts", to="partners.strand"),
        ),
        migrations.AddField(
            model_name="casestudy",
            name="sent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="commitments.casestudytext",
            ),
        ),
        checked_at_once(),
        migrations.RunSQL(TO_TEXTS, TO_CASE_STUDIES),
        checked_at_once(),
        migrations.RemoveField(model_name="casestudy", name="told_how"),
        migrations.RemoveField(model_name="casestudy", name="strands"),
        migrations.RemoveConstraint(model_name="casestudy", name="case_study_submitted_at_with_by"),
        migrations.AddConstraint(
            model_name="casestudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent__isnull", True), ("submitted_at__isnull", True), ("submitted_by__isnull", True)
                )
                | models.Q(("sent__isnull", False), ("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                name="case_study_submitted_at_with_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["submitted", "accepted", "returned"]), _negated=True),
                    ("sent", models.F("newest")),
                    _connector="OR",
                ),
                name="case_study_under_review_shows_what_was_sent",
            ),
        ),
        append_only("commitments_casestudytext_strands"),
        migrations.RunSQL(
            never_deleted("commitments_casestudyquotation").reverse_sql,
            never_deleted("commitments_casestudyquotation").sql,
        ),
        append_only("commitments_casestudyquotation"),
    ]
