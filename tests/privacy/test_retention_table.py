"""The retention table: nothing that holds personal data is missing from it, and it is used as it is printed."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models

from partners.models import User
from vcsportal.privacy.retention_table import KEPT, RULE, RULES, SETTINGS_ONLY

OURS = ("partners", "commitments", "reporting", "vcsportal")
LIBRARIES = ("account", "mfa", "sessions", "socialaccount")


def _holds_personal_data(model: type[models.Model]) -> bool:
    """A relation to a person, an address, a file, or words that somebody wrote."""
    return any(
        (field.is_relation and field.related_model is User)
        or isinstance(field, models.EmailField | models.FileField | models.TextField | models.JSONField)
        for field in model._meta.fields
    )


def test_every_table_with_personal_data_is_in_the_retention_table_or_kept_for_a_stated_reason():
    looked = [
        model
        for app in apps.get_app_configs()
        if app.label in (*OURS, *LIBRARIES)
        for model in app.get_models()
        if model is User or _holds_personal_data(model)
    ]
    named = {name for rule in RULES for name in rule.models} | set(KEPT)
    print(f"looked at {len(looked)} tables")
    assert len(looked) >= 30
    assert {model._meta.label for model in looked} - named == set()


def test_the_retention_table_names_tables_that_exist_and_says_everything_in_sentences():
    for name in {name for rule in RULES for name in rule.models} | set(KEPT):
        if name.split(".")[0] in OURS:
            apps.get_model(name)
    for rule in RULES:
        assert rule.days >= 1
        assert rule.label[0].isupper()
        assert rule.label[-1] != "."
        assert rule.why[0].isupper()
        assert rule.why.endswith(".")
        assert rule.outcome.endswith(".")
        assert rule.after.startswith("after ")
    assert len(RULE) == len(RULES), "two rows of one code"


@pytest.mark.django_db
def test_the_notice_prints_every_row_with_the_days_of_this_portal(client, settings):
    settings.RETENTION_DAYS = {"emails": "41"}
    page = client.get("/privacy/").content.decode()
    assert "41 days after it was written" in page
    for rule in RULES:
        assert rule.label in page
        assert rule.why in page
    for label in ("partners.User", "partners.HistoryEntry", "commitments.Note", "reporting.Proposal"):
        assert KEPT[label] in page
    assert KEPT["commitments.Priority"] not in page, "the notice is about people"


@pytest.mark.parametrize(
    "days", [{"emials": "90"}, {"emails": "0"}, {"emails": "ninety"}, {"emails": "-3"}, {"security_events": "365"}]
)
def test_days_that_cannot_be_are_found_when_the_portal_starts(settings, days):
    settings.RETENTION_DAYS = days
    with pytest.raises(SystemCheckError, match=r"portal\.E010"):
        call_command("check")


def test_days_of_a_known_kind_are_accepted(settings):
    settings.RETENTION_DAYS = {"emails": "1", SETTINGS_ONLY[0]: "30"}
    call_command("check")
