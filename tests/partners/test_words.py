"""The pure rules of the ground floor: roles and identifiers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import roles
from partners.identifiers import BY_CODE, SCHEMES, normalise
from vcsportal.common.words import Refused

TABLE = {
    roles.MANAGE_PEOPLE: {"administrator"},
    roles.MANAGE_ORGANISATIONS: {"administrator"},
    roles.KEEP_LISTINGS: {"administrator", "officer"},
    roles.INVITE_COLLEAGUES: {"partner_lead"},
    roles.EDIT_OWN_ORGANISATION: {"partner_lead"},
    roles.MANAGE_COMMITMENTS: {"administrator", "officer"},
    roles.UPDATE_COMMITMENTS: {"officer"},
    roles.LOG_EVIDENCE: {"officer", "partner_lead", "partner_contributor"},
    roles.REVIEW_EVIDENCE: {"officer"},
    roles.SEE_ALL_EVIDENCE: {"administrator", "officer"},
    roles.REQUEST_REPORT: {"administrator", "officer", "steering_group"},
    roles.PUBLISH_REPORT: {"administrator", "officer"},
    roles.SEE_UNPUBLISHED_REPORTS: {"administrator", "officer", "steering_group"},
    roles.WRITE_REPORT: {"administrator", "officer"},
    roles.COMMENT_ON_REPORT: {"administrator", "officer", "steering_group"},
    roles.RUN_ROUNDS: {"administrator"},
    roles.APPROVE_UPDATES: {"administrator", "officer"},
    roles.GIVE_VIEW: {"partner_lead"},
    roles.SIGN_CHARTERS: {"officer", "partner_lead"},
    roles.SUPPLY_VALUES: {"officer", "partner_lead", "partner_contributor"},
    roles.WRITE_NOTES: {"administrator", "officer"},
}


def test_each_permission_is_held_by_exactly_these_roles():
    held = {code: {role.code for role in roles.ROLES if code in role.may} for code in TABLE}
    assert held == TABLE
    assert {code for role in roles.ROLES for code in role.may} == set(TABLE)


def test_a_lead_does_for_a_strategy_of_their_organisation_what_officers_do_for_their_councils_and_runs_its_rounds():
    officer, lead = (role for role in roles.ROLES if role.may_for_own_strategies)
    assert (officer.code, lead.code) == ("officer", "partner_lead")
    beyond = {roles.LOG_EVIDENCE, roles.SUPPLY_VALUES, roles.SIGN_CHARTERS, roles.KEEP_LISTINGS}
    run = {roles.RUN_ROUNDS}
    assert lead.may_for_own_strategies - run == officer.may - beyond == roles.OWNERS_PEOPLE_MAY
    assert lead.may_for_own_strategies - roles.OWNERS_PEOPLE_MAY == officer.may_for_own_strategies == run
    for role in (officer, lead):
        assert not role.may & role.may_for_own_strategies


@pytest.mark.parametrize("scheme", [scheme.code for scheme in SCHEMES])
def test_every_example_is_right_and_already_tidy(scheme):
    assert normalise(scheme, BY_CODE[scheme].example) == BY_CODE[scheme].example


@pytest.mark.parametrize(
    ("scheme", "typed", "tidy"),
    [
        ("GB-COH", "1234567", "01234567"),
        ("GB-COH", " sc 123456 ", "SC123456"),
        ("GB-COH", "GB-COH-01234567", "01234567"),
        ("GB-CHC", "1 234 567", "1234567"),
        ("GB-CHC", "1234567-1", "1234567-1"),
        ("GB-LAE", "oxf", "OXF"),
    ],
)
def test_what_people_type_becomes_one_form(scheme, typed, tidy):
    assert normalise(scheme, typed) == tidy


@pytest.mark.parametrize(("scheme", "value"), [("GB-CHC", "12"), ("GB-COH", "N/A"), ("GB-LAE", ""), ("XX-NO", "1")])
def test_what_cannot_be_is_refused(scheme, value):
    with pytest.raises(Refused):
        normalise(scheme, value)


@given(st.sampled_from([scheme.code for scheme in SCHEMES]), st.text(max_size=12))
def test_tidying_twice_is_tidying_once(scheme, value):
    try:
        once = normalise(scheme, value)
    except Refused:
        return
    assert normalise(scheme, once) == once


@pytest.mark.parametrize(
    ("scheme", "words"),
    [("GB-CHC", "a charity number (England and Wales)"), ("GB-REV", "an HM Revenue"), ("GB-COH", "a company or CIC")],
)
def test_a_refusal_names_the_register_with_its_capitals(scheme, words):
    with pytest.raises(Refused, match=re.escape(words)):
        normalise(scheme, "!")
