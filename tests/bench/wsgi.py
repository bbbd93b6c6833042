"""The portal, and beside it on the same server a bare Django view without middleware, to be measured against."""

from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from vcsportal.wsgi import application as portal


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"bare", content_type="text/plain", headers={"Content-Length": "4"})


urlpatterns = [path("bare", bare)]


def _bare_application():
    from django.core.handlers.wsgi import WSGIHandler

    with override_settings(MIDDLEWARE=[]):
        return WSGIHandler()


_bare = _bare_application()


class _OwnAddresses:
    """The bare view has an address table of its own, so that finding it costs nothing of the portal's."""

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != "/bare":
            return portal(environ, start_response)
        return _bare(environ, start_response)


application = _OwnAddresses()
_resolve = _bare.resolve_request


def _resolve_bare(request):
    request.urlconf = __name__
    return _resolve(request)


_bare.resolve_request = _resolve_bare
