"""Whoever runs the servers can give a role where no second administrator is there to do it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partners.models import HistoryEntry, SecurityEvent

pytestmark = pytest.mark.django_db


def give(*words: str) -> str:
    out = StringIO()
    call_command("give_role", *words, stdout=out)
    return out.getvalue()


def test_a_role_is_given_by_the_portal_and_recorded(administrator, council):
    said = give(f" {administrator.email.upper()} ", "officer", "--organisation", council.slug)
    assert said == "Ada Administrator is now council officer of Oxfordshire County Council.\n"
    assert administrator.belongs_to(council.pk)
    assert HistoryEntry.objects.filter(act="role given", person=administrator, by=None, organisation=council).exists()
    assert SecurityEvent.objects.filter(kind="role_given", person=administrator, by=None).count() == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody@example.org", "administrator"], "Nobody signs in as"),
        (["EMAIL", "officer", "--organisation", "moon"], "There is no organisation “moon”"),
        (["EMAIL", "officer"], "belongs to an organisation"),
        (["EMAIL", "king"], "invalid choice"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(administrator, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        give(*[word.replace("EMAIL", administrator.email) for word in words])
