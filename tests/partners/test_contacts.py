"""Which mailboxes and numbers are public without asking, and which need somebody's word."""

import pytest

from partners.contacts import check_contacts, is_mobile, looks_personal, tidy_telephone
from vcsportal.common.words import Invalid

NAME = "Ash Green Allotments"


@pytest.mark.parametrize(
    ("mailbox", "personal"),
    [
        ("info@example.org", False),
        ("jo.brook@example.org", True),
        ("jo_brook2@example.org", True),
        ("jobrook@example.org", False),
        ("allotments.secretary@example.org", False),
        ("ash.green@example.org", False),
        ("ashgreenallotments@gmail.com", False),
        ("aga.news@gmail.com", False),
        ("treasurer1990@hotmail.co.uk", False),
        ("jobrook@gmail.com", True),
        ("jo.brook@gmail.com", True),
        ("JO.BROOK@EXAMPLE.ORG", True),
    ],
)
def test_a_mailbox_looks_personal_or_shared(mailbox, personal):
    assert looks_personal(mailbox, NAME) is personal


@pytest.mark.parametrize(
    ("mailbox", "name"),
    [
        ("carol.hall@gmail.com", "Elm Trust"),
        ("grace.temple@hotmail.com", "Elm Trust"),
        ("mary.church@gmail.com", "Elm Trust"),
        ("david.post@elm.org", "Elm Trust"),
        ("churchill.m@gmail.com", "Elm Trust"),
        ("jo.brook@gmail.com", "Brook Lane Choir"),
        ("jo_smith@btinternet.com", "Smith Street Singers"),
        ("jo-anne.brook@elm.org", "Elm Trust"),
        ("anne.marie.cook@elm.org", "Elm Trust"),
        ("j.m.smith@elm.org", "Elm Trust"),
        ("jo.o'neill@elm.org", "Elm Trust"),
        ("jo.brook+x@elm.org", "Elm Trust"),
    ],
)
def test_a_surname_that_is_also_a_post_or_a_word_of_the_name_is_a_surname(mailbox, name):
    assert looks_personal(mailbox, name)


@pytest.mark.parametrize(
    ("mailbox", "name"),
    [
        ("hall@elm.org", "Elm Trust"),
        ("hall.bookings@gmail.com", "Elm Trust"),
        ("elm.hall@gmail.com", "Elm Trust"),
        ("info+hall@gmail.com", "Elm Trust"),
        ("co-ordinator@elm.org", "Elm Trust"),
        ("brooklanesingers@gmail.com", "Brook Lane Choir"),
        ("millvolunteering@gmail.com", "Elm Trust"),
    ],
)
def test_a_post_alone_or_beside_another_or_the_name_is_shared(mailbox, name):
    assert not looks_personal(mailbox, name)


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("", ""),
        ("01632 960 001", "01632 960 001"),
        ("(01632) 960001", "01632 960001"),
        ("+44 1632 960001", "01632 960001"),
        ("+44 (0)1632 960001", "01632 960001"),
        ("0044 1632 960001", "01632 960001"),
        ("+353 1 496 0001", "+353 1 496 0001"),
    ],
)
def test_numbers_have_one_form(written, tidy):
    assert tidy_telephone(written) == tidy


@pytest.mark.parametrize("written", ["ring the hall", "123", "01632 96", "070 1234 5678", "960001"])
def test_what_is_no_public_number_is_refused(written):
    with pytest.raises(Invalid) as refused:
        tidy_telephone(written)
    assert refused.value.field == "telephone"


def test_a_mobile_number_needs_a_word_and_others_do_not():
    assert [is_mobile(number) for number in ("07700 900001", "07624 900001", "07600 900001", "01632 960001")] == [
        True, True, False, False,
    ]  # fmt: skip
    check_contacts(name=NAME, mailbox="", telephone="01632 960001", confirmed=False)
    check_contacts(name=NAME, mailbox="jo.brook@example.org", telephone="07700 900001", confirmed=True)
    for mailbox, telephone, field in (("", "07700 900001", "telephone"), ("jo.brook@example.org", "", "team_mailbox")):
        with pytest.raises(Invalid) as refused:
            check_contacts(name=NAME, mailbox=mailbox, telephone=telephone, confirmed=False)
        assert refused.value.field == field
