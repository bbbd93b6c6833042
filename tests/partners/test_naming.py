"""Names are words on one line; addresses look like no other."""

import pytest

from partners import naming
from partners.email_domains import domain_of_website, is_known, tidy_domain
from partners.naming import tidy_name
from partners.services.organisations import edit_organisation, register_organisation
from partners.services.roles import add_person_with_role
from tests.factories import make_organisation
from vcsportal.common.lookalikes import check_email, check_link
from vcsportal.common.words import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jo   O’Hara-Ní Bhriain ", "Jo O’Hara-Ní Bhriain"),
        ("Rowan\r\nTrust\t(North)", "Rowan Trust (North)"),
        ("St. John’s Hub, Dr.Li & Sons Ltd.", "St. John’s Hub, Dr.Li & Sons Ltd."),
        ("J.R.R.Tolkien", "J.R.R.Tolkien"),
        ("24/7 Help [Oxford] #1", "24/7 Help [Oxford] #1"),
        ("李小龙 Ṣọlá Ελένη", "李小龙 Ṣọlá Ελένη"),
    ],
)
def test_names_of_people_and_organisations_are_tidied_and_kept(typed, kept):
    assert tidy_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example", "See //evil.example", "www.evil.example", "WWW.Evil", "evil.com now", "Evil.Com", "evil.anything",
        "me@here", "[claim](there)", "[claim] (there)", "<b>Rowan</b>", "mailto:x", "a.xn--p1ai", "javascript:x",
    ],
)  # fmt: skip
def test_a_name_holds_no_address_and_no_link(typed):
    with pytest.raises(Refused, match="name only"):
        tidy_name(typed)


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b", "\ue000", "\u3164"])
def test_a_name_holds_no_letter_that_nobody_sees(letter):
    with pytest.raises(Refused, match="cannot be seen"):
        tidy_name(f"Row{letter}an")


def test_a_name_has_a_length():
    assert tidy_name("x" * 150) == "x" * 150
    with pytest.raises(Refused, match="151 characters"):
        tidy_name("x" * 151)
    assert len(tidy_name("x" * 200, longest=naming.MAXIMUM_ORGANISATION_NAME_CHARACTERS)) == 200
    for empty in ("", " \n "):
        with pytest.raises(Refused, match="Enter a name"):
            tidy_name(empty)


@pytest.mark.django_db
def test_services_hold_names_to_it_whoever_calls(administrator, partner_lead, charity, now):
    bad = "Rowan [Trust](https://evil.example)"
    with pytest.raises(Refused):
        register_organisation(by=None, at=now, name=bad, kind="charity")
    with pytest.raises(Refused):
        add_person_with_role(by=None, at=now, email="x@example.org", name=bad, role="administrator")
    with pytest.raises(Refused):
        edit_organisation(
            by=partner_lead, at=now, organisation=charity, changes={"name": bad}, districts=[], identifiers=[]
        )
    edit_organisation(
        by=partner_lead, at=now, organisation=charity, changes={"name": "Rowan \n Hub"}, districts=[], identifiers=[]
    )
    charity.refresh_from_db()
    assert charity.name == "Rowan Hub"
    assert make_organisation("Elm\nTrust").name == "Elm Trust"


@pytest.mark.django_db
def test_the_form_of_an_organisation_says_it_at_the_field(signed_in, partner_lead, charity):
    sent = {"name": "www.evil.example", "kind": "charity", "website": "https://user:pw@rowan.example/"}
    answer = signed_in(partner_lead).post(f"{charity.get_absolute_url()}edit/", sent)
    assert answer.status_code == 422
    assert 'href="#id_name">Enter the name only' in answer.text
    assert 'href="#id_website">Remove everything before the @' in answer.text


@pytest.mark.parametrize(
    "address", ["o'hara+list@mail.example.co.uk", "ann_b-c.d@example.org", "иван@пример.рф", "山田@例え.jp"]
)
def test_an_address_of_one_script_is_kept(address):
    check_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "officer@ex\u0430mple.org",
        "\u043efficer@example.org",
        "a@\u0430\u0440\u0440\u04cf\u0435.com",
        "a@xn--80ak6aa92e.com",
        "a@xn--!.com",
        "a@ｅxample.org",
        "a@exampl\u0435\uff0eorg",
    ],
)
def test_an_address_that_looks_like_another_is_refused(address):
    with pytest.raises(Refused, match="mixes alphabets"):
        check_email(address)


@pytest.mark.parametrize(
    "url", ["https://user:pw@example.org/", "https://example.org@evil.example", "http://a:@b.example"]
)
def test_a_link_names_no_user(url):
    with pytest.raises(Refused, match="before the @"):
        check_link(url)


def test_a_link_whose_host_looks_like_another_is_refused():
    with pytest.raises(Refused, match="mixes alphabets"):
        check_link("https://ex\u0430mple.org/")
    with pytest.raises(Refused, match="not a web address"):
        check_link("https://[::1")
    check_link("https://münchen.example/ä?x=a@b#c")
    check_link("https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/")


@pytest.mark.parametrize(
    "domain", ["gmail.com", "mail.gmail.com", "org.uk", "example", "exa mple.org", "", "facebook.com", "-x.org"]
)
def test_what_is_no_domain_of_an_organisation(domain):
    with pytest.raises(Refused):
        tidy_domain(domain)


def test_domains_are_kept_without_what_stands_before_them():
    assert tidy_domain(" @WWW.Example.org. ") == "example.org"
    assert domain_of_website("https://www.rowan.example:8443/about") == "rowan.example"
    assert [domain_of_website(one) for one in ("", "https://[x", "https://rowan.wordpress.com")] == ["", "", ""]
    assert not is_known("a@gmail.com", ["com", "gmail.com"])
