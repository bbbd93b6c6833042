"""The web server's entry."""

import gc
import logging
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from vcsportal.database.limits import begin
from vcsportal.serving.body_limits import LimitedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
begin("web")
gc.disable()  # until everything is loaded (apps.py)
portal = get_wsgi_application()


def say_what_is_missing() -> None:
    """Say clearly at the start what would otherwise be found out page by page."""
    from vcsportal.readiness import has_static_files

    if not has_static_files():
        logging.getLogger(__name__).critical(
            "No page can be shown: the static files have not been collected. Run manage.py collectstatic --noinput."
        )


say_what_is_missing()
application = LimitedBodies(portal, proxies=settings.TRUSTED_PROXY_COUNT)
