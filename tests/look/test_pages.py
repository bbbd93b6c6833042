"""The frame of every page, and the portal's own pages."""

import re

import pytest
from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage, Message
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.as_read import as_read
from tests.signing_in import sign_in
from vcsportal import style_guide


def test_the_brand_is_a_style_sheet_that_is_asked_for_once(client, settings):
    settings.PORTAL_BRAND_COLOUR = "#4c2c92"
    answer = client.get("/brand.css?4c2c92")
    assert answer.headers["Content-Type"].startswith("text/css")
    assert b"--brand:#4c2c92" in answer.content
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert client.get("/brand.css", headers={"if-none-match": answer.headers["ETag"]}).status_code == 304
    settings.PORTAL_BRAND_COLOUR = "#005ea5"
    assert client.get("/brand.css", headers={"if-none-match": answer.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("name", ["accessibility", "cookies", "privacy"])
def test_a_page_that_the_law_asks_for_answers_with_the_frame(client, name, settings):
    answer = client.get(f"/{name}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert "govuk-skip-link" in page
    assert f" – {settings.PORTAL_NAME}</title>" in page
    assert settings.PORTAL_CONTACT_EMAIL in page
    assert client.post(f"/{name}/").status_code == 405


def test_the_cookies_page_names_the_cookies_that_are_set(client, settings):
    page = client.get("/cookies/").content.decode()
    assert settings.SESSION_COOKIE_NAME in page
    assert settings.CSRF_COOKIE_NAME in page
    assert f"{settings.SESSION_COOKIE_AGE // 3600} hours" in page


def test_the_style_guide_is_for_development_only(client, settings):
    assert client.get("/dev/look/").status_code == 404
    settings.DEBUG = True
    assert client.get("/dev/look/").status_code == 200


def test_an_unknown_address_offers_a_way_on(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("403.html", {"sentence": "Only officers may."}),
        ("403_csrf.html", {}),
        ("400.html", {}),
        ("500.html", {}),
        ("503.html", {"sentence": "Try later."}),
    ],
)
def test_a_refusal_is_a_page_even_without_a_context(template, values):
    page = as_read(render_to_string(template, values))
    assert "<h1" in page
    assert all(value in page for value in values.values())


def framed(rf: RequestFactory, **context: object) -> str:
    request = rf.get("/")
    request.user = AnonymousUser()
    return as_read(render_to_string("base.html", context, request=request))


def test_a_page_with_a_wrong_form_says_so_in_its_title_and_first_on_the_page(rf):
    form = style_guide.SampleForm({})
    page = framed(rf, form=form)
    assert page.count("<title>Error: ") == 1
    assert page.index("There is a problem") < page.index("</main>")
    assert "<title>Error" not in framed(rf, form=style_guide.SampleForm())


def test_hidden_faults_of_a_form_are_said_too(rf):
    class Hidden(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput)

    page = framed(rf, form=Hidden({"version": "x"}))
    assert re.search(r"<li>Enter a whole number\.</li>", page)


def test_what_has_just_happened_is_shown_once_and_escaped(client, rf):
    class Said(BaseStorage):
        def _get(self, *args, **kwargs):
            return [Message(messages.SUCCESS, "Sent <b>")], True

        def _store(self, *args, **kwargs):
            return []

    request = rf.get("/")
    request.user = AnonymousUser()
    request._messages = Said(request)
    page = as_read(render_to_string("base.html", {}, request=request))
    assert "Sent &lt;b&gt;" in page
    assert 'role="alert"' in page


@pytest.mark.django_db
def test_the_menu_shows_what_the_person_may_open(client, officer, administrator, partner):
    def menu() -> list[str]:
        page = client.get("/cookies/").content.decode()
        return re.findall(r'class="govuk-service-navigation__link"[^>]*>(?:<strong[^>]*>)?([^<]+)<', page)

    assert "My tasks" not in menu()
    assert "Sign in" in client.get("/cookies/").content.decode()
    seen = {}
    for person in (officer, administrator, partner):
        sign_in(client, person)
        seen[person.name] = menu()
        page = client.get("/cookies/").content.decode()
        assert person.name in page
        assert "Sign out" in page
    assert ("People" in seen[administrator.name], "People" in seen[officer.name], "People" in seen[partner.name]) == (
        True,
        False,
        False,
    )
    assert ("Review" in seen[administrator.name], "Review" in seen[officer.name], "Review" in seen[partner.name]) == (
        True,
        True,
        False,
    )
    assert all("My tasks" in words for words in seen.values())


@pytest.mark.django_db
def test_the_frame_costs_a_signed_in_person_three_queries_at_most(client, officer, django_assert_max_num_queries):
    sign_in(client, officer)
    with django_assert_max_num_queries(3):  # the session, the person, their roles
        client.get("/cookies/")
