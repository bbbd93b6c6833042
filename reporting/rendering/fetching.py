"""Serves what a report may show from memory, and refuses everything else."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from reporting.rendering.fonts import OWN_SCHEME, families, unpacked


def assets(photographs: Mapping[str, bytes]) -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Return everything that a report may show, by its name under :data:`OWN_SCHEME`."""
    found: dict[str, tuple[str, Callable[[], bytes]]] = {}
    for file in (face.file for family in families() for face in family.faces):
        found[f"fonts/{file}"] = ("font/ttf", partial(unpacked, file))
    for file in photographs:
        found[f"photographs/{file}"] = ("image/jpeg", partial(photographs.__getitem__, file))
    return found


class Fetcher(URLFetcher):
    """Gives the report's own fonts, shapes and photographs out of memory, and ``data:``. Refuses everything else."""

    def __init__(self, assets: Mapping[str, tuple[str, Callable[[], bytes]]]) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self._assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return what ``url`` names; raise ``ValueError`` for anything that is not the report's own."""
        if url.startswith(OWN_SCHEME) and (asset := self._assets.get(url.removeprefix(OWN_SCHEME))):
            media_type, read = asset
            return URLFetcherResponse(url, read(), {"Content-Type": media_type})
        if url.startswith("data:"):
            fetched: URLFetcherResponse = super().fetch(url, headers)
            return fetched
        raise ValueError("A report fetches nothing.")
