"""What a password may be."""

import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from partners.models import User
from partners.sign_in import passwords
from tests.factories import PASSWORD
from tests.partners.doing import NEW_PASSWORD, RESET, RESET_CODE, by_password, newest_code, said

PERSON = User(name="Hyacinth Heron", email="hyacinth.heron@example.org")


def refused(password: str) -> list[str]:
    try:
        validate_password(password, PERSON)
    except ValidationError as error:
        return list(error.messages)
    return []


GOOD = [
    "walnut-kettle-7", "three purple otters", "Tea at four, rain by five", "kestrel lamp gravel", "пароль из трёх слов",
    "vK9#mQ2$xL5!", "dream about rivers", "a-long-enough-password-42", ("mossy harbour clock " * 7)[:128],
]  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(password: str):
    assert refused(password) == []


FEW = [
    "aaaaaaaaaaaa",
    "aaaabbbbcccc",
    "abcabcabcabc",
    "passwordpassword",
    "121212121212",
    "............",
    "hahahahahaha",
]
FIRST = [
    "password1234", "Password123!", "P@ssw0rd1234", "qwertyuiop12", "1234567890ab", "asdfghjkl;123", "zxcvbnm12345",
    "1qaz2wsx3edc", "abcdefghijkl", "lkjihgfedcba", "letmein12345", "Welcome12345", "iloveyou2024", "football1234",
    "Summer2025!!", "correcthorsebatterystaple", "administrator", "changeme2025", "qwerty-qwerty-1",
]  # fmt: skip
OWN = [
    "Voluntary sector strategy", "voluntarysectorstrategy1", "OxfordshireCountyCouncil", "oxfordshire2025",
    "Hyacinth-Heron-1", "hyacinth.heron@example.org",
]  # fmt: skip


@pytest.mark.parametrize("password", FEW)
def test_a_few_characters_again_and_again_are_refused(password: str):
    assert passwords.TOO_FEW in refused(password)


@pytest.mark.parametrize("password", FIRST)
def test_what_is_guessed_first_is_refused(password: str):
    assert passwords.GUESSED in refused(password)


@pytest.mark.parametrize("password", OWN)
def test_the_portals_and_ones_own_words_are_refused(password: str):
    assert passwords.OWN_WORDS in refused(password)


def test_the_borders_of_length():
    eleven, twelve = "vK9#mQ2$xL5", "vK9#mQ2$xL5!"
    assert refused(eleven) == [passwords.TOO_SHORT]
    assert refused(twelve) == []
    long = "mossy harbour clock "
    assert refused((long * 7)[:128]) == []
    assert refused((long * 7)[:129]) == [passwords.TOO_LONG]


def test_the_words_are_those_of_the_portal_that_runs(settings):
    assert refused("Barchester 2025") == []
    settings.PORTAL_COUNCIL = "Barchester District Council"
    assert refused("Barchester 2025") != []


@pytest.mark.django_db
def test_a_huge_password_is_refused_before_it_is_hashed(client: Client, officer: User, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    client.post(RESET, {"email": officer.email})
    client.post(RESET_CODE, {"code": newest_code()})
    huge = "mossy harbour clock " * 50_000
    began = time.process_time()
    answer = client.post(NEW_PASSWORD, {"password1": huge, "password2": huge})
    assert (answer.status_code, passwords.TOO_LONG in said(answer)) == (422, True)
    answer = by_password(client, officer.email, huge)
    assert (answer.status_code, passwords.TOO_LONG in said(answer)) == (422, True)
    assert time.process_time() - began < 0.5
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert User.objects.get(pk=officer.pk).check_password(PASSWORD)
