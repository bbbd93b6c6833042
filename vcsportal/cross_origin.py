"""Who may read the API from a page of another site: everybody, and nobody's session."""

from typing import Final

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpRequest

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class PublicReadsMiddleware(CorsMiddleware):
    """Let pages of any site read what a stranger reads. Settings: ``CORS_*``, in ``vcsportal.api_settings``.

    Credentials are never allowed, so browsers keep an answer to a session from other sites anyway. An answer to a request
    with the session's cookie also says nothing that could allow it.
    """

    def is_enabled(self, request: HttpRequest) -> bool:
        return (
            request.method in READS
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and super().is_enabled(request)
        )
