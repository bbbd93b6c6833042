"""Names that were kept before are put on one line, and organisations' own domains are read from their websites."""

from importlib import import_module

import pytest
from django.apps import apps

from partners.models import Organisation, User
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
migration = import_module("partners.migrations.0010_invitations")


def test_names_are_put_on_one_line_and_keep_every_word(now):
    person, organisation, other = make_person(), make_organisation(), make_organisation("Elm  ".strip())
    User.objects.filter(pk=person.pk).update(name="Dear Resident,\r\n\r\n[claim](https://evil.example)")
    Organisation.objects.filter(pk=organisation.pk).update(name=" Rowan\n  Trust ")
    migration.tidy_names(apps, None)
    for row in (person, organisation, other):
        row.refresh_from_db()
    assert person.name == "Dear Resident, [claim](https://evil.example)"
    assert (organisation.name, other.name) == ("Rowan Trust", "Elm")


def test_a_website_names_a_domain_unless_it_is_everybodys():
    made = [make_organisation() for _ in range(3)]
    for row, website in zip(made, ("https://www.rowan.example/a", "https://facebook.com/elm", ""), strict=True):
        Organisation.objects.filter(pk=row.pk).update(website=website)
    migration.know_domains(apps, None)
    assert [Organisation.objects.get(pk=row.pk).email_domains for row in made] == [["rowan.example"], [], []]
