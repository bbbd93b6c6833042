"""A charter's file: its signatories, an indicator that counts itself, and the frame of the Compact."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from commitments.models import Commitment, DeliveryPartner, IndicatorTarget, IndicatorValue, Round, Signatory
from commitments.services.charters import end_signature
from commitments.services.loading.strategy import load_strategy
from commitments.services.pledges import set_pledge
from commitments.services.rounds import close_round, open_round
from commitments.strategy_file.strategy import read
from tests.commitments.charter import at
from tests.factories import make_organisation, make_person
from vcsportal.common.data_file import Faulty

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "commitments" / "strategies"
CODE = """
[strategy]
slug = "code-of-practice"
kind = "charter"
title = "Code of Practice on working with BME groups"
vision = "Promote Code of Practice in working with BME groups to front line groups"
source = "Infrastructure development plan 2008–11"
starts_on = 2008-04-01
ends_on = 2011-03-31
[strategy.owner]
slug = "partnership"
name = "The partnership"
kind = "infrastructure_body"
[[priority]]
number = 1
title = "The code"
[[priority.indicator]]
code = "S1"
title = "Groups that have signed up"
counts = "signatories"
baseline = 1
targets = { "2009-10" = 50, "2010-11" = 100 }
[[priority.commitment]]
reference = "1"
wording = "Work with BME groups"
short_title = "Work with BME groups"
ongoing = true
[[round]]
slug = "2009-10"
observes_from = 2009-04-01
observes_to = 2010-03-31
opens_on = 2010-04-01
closes_on = 2010-05-31
[[round]]
slug = "2010-11"
observes_from = 2010-04-01
observes_to = 2011-03-31
opens_on = 2011-04-01
closes_on = 2011-05-31
"""
SIGNED = '[[signatory]]\norganisation = "{}"\nsigned_on = {}\n'


def loaded(text):
    return load_strategy(by=None, at=timezone.now(), entry=read(text))


def faults(text):
    with pytest.raises(Faulty) as refused:
        loaded(text)
    return [(fault.field, fault.sentence) for fault in refused.value.faults]


def test_a_code_of_practice_counts_its_signatories_against_yearly_targets(administrator):
    first, second = make_organisation("First"), make_organisation("Second")
    text = CODE + SIGNED.format(first.slug, "2010-03-31") + SIGNED.format(second.slug, "2010-04-01")
    assert len(loaded(text).changes) > 3
    assert loaded(text).changes == []
    assert list(IndicatorTarget.objects.order_by("round__slug").values_list("value", flat=True)) == [50, 100]
    for slug, opens, number in (("2009-10", date(2010, 4, 1), 1), ("2010-11", date(2011, 4, 1), 2)):
        round_ = Round.objects.get(slug=slug)
        round_ = open_round(by=administrator, at=at(opens), round_=round_)
        close_round(by=administrator, at=at(opens), round_=round_)
        assert IndicatorValue.objects.get(round=round_).value == Decimal(number)


def test_what_a_file_can_not_say_of_a_signature():
    make_organisation("First", slug="first")
    assert faults(CODE + SIGNED.format("nobody", "2010-03-31"))[0][0] == "organisation"
    ahead = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert faults(CODE + SIGNED.format("first", ahead))[0][0] == "signed_on"
    ended = SIGNED.format("first", "2010-03-31") + "ended_on = 2010-06-01\n"
    assert faults(CODE + ended + SIGNED.format("first", "2010-05-31"))[0][0] == "signed_on"
    early = SIGNED.format("first", "2010-03-31") + "ended_on = 2010-03-30\n"
    assert faults(CODE + early)[0][0] == "ended_on"
    assert faults(CODE.replace('"charter"', '"plan"') + SIGNED.format("first", "2010-03-31"))
    assert faults(CODE.replace('"charter"', '"plan"'))[0][0] == "counts"
    assert faults(CODE.replace("baseline = 1", 'baseline = 1\nactuals = { "2009-10" = 9 }'))[0][0] == "actuals"
    loaded(CODE + ended + SIGNED.format("first", "2010-06-01"))
    assert Signatory.objects.count() == 2


def test_what_people_ended_in_the_portal_stays_ended():
    church = make_organisation("First", slug="first")
    text = CODE + SIGNED.format("first", "2010-03-31")
    loaded(text)
    row = Signatory.objects.get()
    end_signature(by=make_person("partner_lead", church), at=timezone.now(), signatory=row)
    again = loaded(text)
    assert (again.changes, len(again.notes)) == ([], 1)
    row.refresh_from_db()
    assert row.ended_on is not None


def test_the_frame_of_the_compact_has_the_words_of_the_note_and_no_other(client):
    call_command("load_areas", str(settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"))
    for name in ("oxfordshire-vcs-2022-27", "the-oxfordshire-compact"):
        loaded((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    noted = Commitment.objects.get(strategy__slug="oxfordshire-vcs-2022-27", reference="1.4")
    principle = Commitment.objects.get(strategy__slug="oxfordshire-compact")
    assert f"{principle.strategy.vision} {principle.wording}" == noted.note
    assert principle.short_title.removeprefix("U") in principle.wording
    page = client.get(noted.get_absolute_url()).content.decode()
    assert "/strategies/oxfordshire-compact/#signed" in page


OPEN = CODE + SIGNED.format("first", "2010-03-31")
ENDED = "ended_on = {}\n"


def test_a_file_never_makes_two_signatures_of_an_organisation_overlap():
    make_organisation("First", slug="first")
    loaded(OPEN)
    assert faults(OPEN + SIGNED.format("first", "2010-06-01") + ENDED.format("2010-09-01"))[0][0] == "signed_on"
    before = SIGNED.format("first", "2009-06-01") + ENDED.format("2010-03-31")
    loaded(OPEN + before)
    assert Signatory.objects.count() == 2
    assert faults(OPEN + before.replace("2010-03-31", "2010-04-01"))[0][0] == "signed_on", "over the start of the next"
    for day in (date(2010, 3, 30), date(2010, 3, 31), date(2010, 6, 1)):
        assert Signatory.objects.on(day).count() == 1
    loaded(OPEN + before.replace("2010-03-31", "2010-02-28"))
    assert Signatory.objects.on(date(2010, 3, 1)).count() == 0


def test_a_signature_that_the_file_ends_takes_its_pledges_along(officer):
    church = make_organisation("First", slug="first")
    loaded(OPEN)
    row = Signatory.objects.get()
    pledged_at = at(date(2010, 4, 1))
    set_pledge(
        by=make_person("partner_lead", church), at=pledged_at, signatory=row, commitment=row.strategy.commitments.get(),
        words="We share our hall.",
    )  # fmt: skip
    loaded(OPEN + ENDED.format("2010-06-01"))
    assert DeliveryPartner.objects.get().ended_on == date(2010, 6, 1)
    assert "Amended the signature" not in str(loaded(OPEN + ENDED.format("2010-06-01")).changes)


def test_a_file_gives_a_post_and_no_name():
    church = make_organisation("First", slug="first")
    make_person("partner_lead", church, name="Jane Pewter")
    for post in ("Jane Pewter, Chair", "Dr Pewter"):
        assert faults(OPEN + f'signed_as = "{post}"\n')[0][0] == "signed_as"
    loaded(OPEN + 'signed_as = "Chair"\n')
    assert faults(OPEN + 'signed_as = "Jane Pewter"\n')[0][0] == "signed_as", "of one that is there, too"
    assert Signatory.objects.get().signed_as == "Chair"
