"""Which email addresses are an organisation's own, by the part after the @."""

import re
from typing import Final
from urllib.parse import urlsplit

from vcsportal.common.words import Invalid, Refused

PUBLIC: Final = frozenset(
    """
    aol.com aol.co.uk blueyonder.co.uk btinternet.com btopenworld.com email.com fastmail.com fsmail.net gmail.com gmx.com
    gmx.co.uk gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hushmail.com icloud.com inbox.com live.co.uk live.com
    mac.com mail.com mail.ru me.com msn.com ntlworld.com o2.co.uk outlook.co.uk outlook.com pm.me plus.com plus.net
    proton.me protonmail.com qq.com rocketmail.com sky.com talktalk.co.uk talktalk.net tiscali.co.uk tutanota.com tuta.io
    virgin.net virginmedia.com yahoo.co.uk yahoo.com yandex.com yandex.ru ymail.com zoho.com
    """.split()  # noqa: SIM905 - a list to read and to add to
)
"""Email providers open to anyone: an address there says nothing about where someone works."""
SHARED: Final = frozenset(
    """
    blogspot.com btck.co.uk facebook.com github.io google.com instagram.com linkedin.com sites.google.com twitter.com
    webs.com weebly.com wix.com wixsite.com wordpress.com x.com youtube.com
    """.split()  # noqa: SIM905
)
"""Where many organisations have their pages: the host of such a page is not the organisation's own domain."""
_SUFFIXES: Final = frozenset("ac.uk co.uk gov.uk ltd.uk me.uk net.uk nhs.uk org.uk plc.uk police.uk sch.uk".split())  # noqa: SIM905
_DOMAIN: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})"
)


def domain_of(address: str) -> str:
    """Return the part of an email address after the @, in small letters."""
    return address.rpartition("@")[2].strip().lower().rstrip(".")


def tidy_domain(domain: str) -> str:
    """Return a domain as it is kept. Raise :class:`Refused` if it is none, or is everybody's."""
    tidy = domain.strip().lower().removeprefix("@").removeprefix("www.").rstrip(".")
    if not _DOMAIN.fullmatch(tidy) or tidy in _SUFFIXES:
        raise Invalid(
            f"“{domain.strip()[:60]}” is not an email domain. Enter the part after the @, such as example.org.",
            field="domains",
        )
    if is_everybodys(tidy):
        raise Invalid(
            f"Anyone can have an address at {tidy}, so it cannot be a domain of this organisation.", field="domains"
        )
    return tidy


def domain_of_website(website: str) -> str:
    """Return the domain that goes with a website, without ``www.``; "" where it is none or everybody's."""
    try:
        return tidy_domain(urlsplit(website).hostname or "")
    except (Refused, ValueError):
        return ""


def domains_after(domains: list[str], before: str, website: str) -> list[str]:
    """Return an organisation's domains after its website changed: without that of the website ``before``, with the new one's."""
    return sorted(({*domains} - {domain_of_website(before)}) | ({domain_of_website(website)} - {""}))


def is_everybodys(domain: str) -> bool:
    """Whether anyone can have an address or a page there."""
    return any(domain == known or domain.endswith(f".{known}") for known in PUBLIC | SHARED)


def is_known(address: str, domains: list[str]) -> bool:
    """Whether an address is at one of the domains, or at a part of one (``@mail.example.org`` for ``example.org``)."""
    domain = domain_of(address)
    return any(domain == known or domain.endswith(f".{known}") for known in domains) and not is_everybodys(domain)
