"""What every page knows about the portal: its identity, and the menu."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from partners import roles
from partners.permissions import has_permission_anywhere
from vcsportal.help_pages import help_link


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the menu: where it leads, which paths it covers, and who sees it.

    ``needs`` is a permission of :mod:`partners.roles`, "" for everybody, or ``SIGNED_IN``; with the permission
    ``unless`` the person has an entry of the same name already.
    """

    label: str
    url_name: str
    under: tuple[str, ...]
    needs: str = ""
    unless: str = ""


SIGNED_IN: Final = "signed in"
MENU: Final = (
    MenuEntry("Strategy", "commitments:home", ("/strategies/",)),
    MenuEntry("Commitments", "commitments:all-commitments", ("/commitments/",)),
    MenuEntry("Evidence", "commitments:evidence-list", ("/evidence/",)),
    MenuEntry("Organisations", "partners:organisation-list", ("/organisations/",)),
    MenuEntry("Reports", "reporting:edition-list", ("/reports/",)),
    MenuEntry("My tasks", "commitments:my-work", ("/my-work/",), SIGNED_IN),
    MenuEntry("Review", "commitments:review", ("/review/",), roles.REVIEW_EVIDENCE),
    MenuEntry("Review", "commitments:approvals", ("/review/",), roles.APPROVE_UPDATES, unless=roles.REVIEW_EVIDENCE),
    MenuEntry("Rounds", "commitments:all-rounds", ("/rounds/",), roles.RUN_ROUNDS),
    MenuEntry("People", "partners:people", ("/people/",), roles.MANAGE_PEOPLE),
)


def _is_seen(entry: MenuEntry, request: HttpRequest) -> bool:
    if not entry.needs:
        return True
    person = getattr(request, "user", None)  # a refused host gets its page before anybody is known
    if entry.needs == SIGNED_IN:
        return person is not None and person.is_authenticated
    return has_permission_anywhere(person, entry.needs) and not (
        entry.unless and has_permission_anywhere(person, entry.unless)
    )


def _is_current(entry: MenuEntry, url: str, path: str) -> bool:
    if path == url:
        return True
    if entry.url_name == "commitments:home" and ("/commitments/" in path or "/rounds/" in path):
        return False
    if entry.url_name == "commitments:all-rounds":
        return "/rounds/" in path
    if entry.url_name == "commitments:all-commitments" and path.startswith("/strategies/") and "/commitments/" in path:
        return True
    return path.startswith(entry.under)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the entries this person sees, each with ``label``, ``url`` and whether it is ``current``."""
    entries = []
    for entry in MENU:
        url = _address(entry.url_name)
        if url and _is_seen(entry, request):
            entries.append({"label": entry.label, "url": url, "current": _is_current(entry, url, request.path)})
    return entries


@cache
def _address(url_name: str) -> str:
    """Return the address of a part of the portal, which never changes in a process; "" where the part is not there."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the portal's identity for templates as ``portal``, the ``menu`` of the person who asks, and a ``help_link``."""
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "council": settings.PORTAL_COUNCIL,
            "contact_email": settings.PORTAL_CONTACT_EMAIL,
            "url": settings.PORTAL_URL,
            "debug": settings.DEBUG,
            "brand": settings.PORTAL_BRAND_COLOUR.removeprefix("#"),
        },
        "menu": SimpleLazyObject(lambda: menu(request)),
        "help_link": help_link(request),
    }
