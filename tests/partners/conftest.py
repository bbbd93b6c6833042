"""For tests of sign-in: tries are counted from nothing in each test, in memory, and passwords cost no time."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
