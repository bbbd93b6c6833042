"""Whoever finds a weakness learns where to write (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from django.test import Client


def test_it_names_a_contact_and_is_good_for_less_than_a_year(client: Client, settings):
    settings.PORTAL_SECURITY_EMAIL, settings.PORTAL_URL = "security@example.org", "https://portal.example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "https://portal.example.org/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
