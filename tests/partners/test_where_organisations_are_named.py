"""Wherever a table names an organisation, it is decided whether a listed one, or one that has ended, may be named anew."""

from django.apps import apps

from partners.models import Organisation

NAMED_BY_OTHERS = "listed ones too: what others record. Ended ones stay and are not offered anew"
IN_THE_PAST = "every one in the directory: it says what was"
TAKES_PART = "those that take part: it asks them, or they do it themselves"
ITSELF = "the organisation's own row"
DECIDED = {
    "partners.HistoryEntry": ITSELF,
    "partners.OrganisationIdentifier": ITSELF,
    "partners.PartnershipGroup": NAMED_BY_OTHERS,
    "partners.Appointment": NAMED_BY_OTHERS,
    "partners.Organisation": IN_THE_PAST,  # what took its place
    "partners.JoiningRequest": NAMED_BY_OTHERS,
    "partners.Invitation": TAKES_PART,  # inviting lets it take part
    "partners.RoleGrant": TAKES_PART,
    "commitments.Strategy": TAKES_PART,  # owning one, or supporting its owner, lets it take part
    "commitments.Priority": NAMED_BY_OTHERS,
    "commitments.DeliveryPartner": NAMED_BY_OTHERS,
    "commitments.Evidence": NAMED_BY_OTHERS,  # told for it; by its own people only once it takes part
    "commitments.Contribution": TAKES_PART,
    "commitments.SectorView": TAKES_PART,
    "commitments.IndicatorValue": TAKES_PART,
    "commitments.Response": NAMED_BY_OTHERS,
    "commitments.Action": NAMED_BY_OTHERS,
    "commitments.Attendance": IN_THE_PAST,
    "commitments.Point": IN_THE_PAST,
    "commitments.Signatory": NAMED_BY_OTHERS,
    "commitments.RiskLead": NAMED_BY_OTHERS,
    "commitments.MatchedWord": NAMED_BY_OTHERS,  # what a word of a council's spreadsheet means
    "commitments.Award": IN_THE_PAST,
    "partners.ApiToken": TAKES_PART,  # of its own people
    "reporting.Follow": IN_THE_PAST,  # an ended one may be followed
}


def test_every_table_that_names_an_organisation_is_decided():
    found = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is Organisation and field.concrete and not field.many_to_many
    }
    assert found - set(DECIDED) == set()
    assert found, "no table was found"
