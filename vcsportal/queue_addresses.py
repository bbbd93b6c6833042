"""The queue's address, in the spelling that each library wants."""

from urllib.parse import parse_qs, urlsplit


def for_client(url: str) -> str:
    """Return the address as redis-py spells it: a socket is ``unix:///path?db=0``."""
    if not url.startswith("redis+socket://"):
        return url
    parts = urlsplit(url)
    return f"unix://{parts.path}?db={_number(parts.query, 'virtual_host')}"


def for_broker(url: str) -> str:
    """Return the address as Celery spells it: a socket is ``redis+socket:///path?virtual_host=0``."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    return f"redis+socket://{parts.path}?virtual_host={_number(parts.query, 'db')}"


def _number(query: str, name: str) -> str:
    return parse_qs(query).get(name, ["0"])[0].lstrip("/") or "0"
