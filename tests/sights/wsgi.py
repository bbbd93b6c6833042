"""The portal with static files that the browser keeps, as it does in production, instead of asking for each on every page."""

from django.conf import settings

settings.WHITENOISE_MAX_AGE = 3600

from vcsportal.wsgi import application  # noqa: E402, F401 - read when the portal starts, so set before
