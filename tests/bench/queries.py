"""Queries a page on the demo story, counted."""

import django


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from commitments.models import Strategy
    from partners.models import User
    from tests.signing_in import sign_in

    first = Strategy.objects.newest_first()[0].get_absolute_url()
    pages = [
        first,
        f"{first}commitments/",
        f"{first}commitments/promote-the-work-of-the-sector/",
        "/evidence/",
        "/organisations/",
        "/reports/",
    ]
    people = {"stranger": (None, pages), "officer": ("officer@example.org", [*pages, "/my-work/", "/review/"]),
              "partner": ("partner@example.org", ["/my-work/", "/evidence/new/", "/evidence/?show=mine"])}  # fmt: skip
    print(f"\n{'queries a page':<60}{'asked':>6}")
    for who, (email, paths) in people.items():
        client = Client(HTTP_HOST="127.0.0.1")
        if email:
            sign_in(client, User.objects.get(email=email))
        for path in paths:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200, path
            print(f"{who + ' ' + path:<60}{len(asked):>6}")


if __name__ == "__main__":
    main()
