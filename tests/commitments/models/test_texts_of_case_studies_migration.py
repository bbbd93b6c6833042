"""What a case study said about who it is for, and how it was told, is kept by the texts that are read."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudy, CaseStudyChoice
from commitments.services.case_studies import (
    reopen_case_study,
    save_case_study,
    submit_case_study,
    withdraw_case_study,
)
from commitments.services.case_study_review import accept_case_study, choose_case_study, return_case_study
from partners.services.strands import StrandContent, add_strand
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db
CONTENT = CaseStudyContent("A kitchen", what_was_done="We cooked.")
EARLIER_TABLES = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE commitments_casestudy DROP CONSTRAINT case_study_submitted_at_with_by;
ALTER TABLE commitments_casestudy DROP CONSTRAINT case_study_under_review_shows_what_was_sent;
ALTER TABLE commitments_casestudy ADD told_how varchar(20) NOT NULL DEFAULT '';
CREATE TABLE commitments_casestudy_strands (casestudy_id bigint NOT NULL, strand_id bigint NOT NULL);
UPDATE commitments_casestudy SET sent_id = NULL;
"""


def test_the_texts_that_are_read_keep_what_the_case_study_said(partner, officer, commitment, open_round, now):
    migration: Any = import_module("commitments.migrations.0044_texts_of_case_studies")
    strand = add_strand(by=None, at=now, content=StrandContent("Older people"))

    def tell(*acts):
        piece = make_evidence(partner, commitment, state="accepted", officer=officer)
        for number, act in enumerate(acts):
            if act in (save_case_study, submit_case_study):
                act(by=partner, at=now, evidence=piece, content=replace(CONTENT, place=str(number)))
            elif act is return_case_study:
                act(by=officer, at=now, case_study=piece.case_study, reason="Say where.")
            elif act is choose_case_study:
                act(by=officer, at=now, case_study=piece.case_study, round_=open_round)
            else:
                act(by=officer if act is accept_case_study else partner, at=now, case_study=piece.case_study)
            piece.refresh_from_db()
        return CaseStudy.objects.get(evidence=piece)

    changed = tell(save_case_study, submit_case_study, accept_case_study, choose_case_study, save_case_study)
    resumed = tell(submit_case_study, return_case_study, save_case_study, save_case_study)
    reopened = tell(submit_case_study, withdraw_case_study, reopen_case_study, save_case_study)
    draft = tell(save_case_study)
    texts = {told: (told.newest, told.sent, told.published) for told in (changed, resumed, reopened, draft)}
    withdrawn = tell(submit_case_study, accept_case_study, withdraw_case_study)
    CaseStudyChoice.objects.create(case_study=withdrawn, round=open_round, chosen_at=now, chosen_by=officer)
    with connection.cursor() as cursor:
        cursor.execute(EARLIER_TABLES)
        cursor.execute("UPDATE commitments_casestudy SET told_how = 'telephone'")
        cursor.execute(
            "UPDATE commitments_casestudy SET submitted_at = %s, submitted_by_id = %s WHERE id = %s",
            [now, partner.pk, reopened.pk],
        )  # reopening left the day on which it was sent
        cursor.execute(
            "INSERT INTO commitments_casestudy_strands SELECT id, %s FROM commitments_casestudy", [strand.pk]
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE;")
        cursor.execute(migration.TO_TEXTS)

    for told, (newest, sent, published) in texts.items():
        after: Any = CaseStudy.objects.get(pk=told.pk)
        assert (after.newest, after.sent, after.published) == (newest, sent, published)
        assert (after.submitted_at is None) is (sent is None)
        for text in {newest, sent, published} - {None}:
            text.refresh_from_db()
            assert (text.told_how, list(text.strands.all())) == ("telephone", [strand])
    [superseded] = changed.texts.exclude(pk__in=[text.pk for text in texts[changed] if text])
    assert (superseded.told_how, list(superseded.strands.all())) == ("", [])
    assert [choice.case_study for choice in CaseStudyChoice.objects.current()] == [changed]
    ended = CaseStudyChoice.objects.get(case_study=withdrawn)
    assert (ended.removed_by, timezone.localdate(ended.removed_at)) == (partner, timezone.localdate(now))
