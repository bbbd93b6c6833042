"""Where somebody is signed in: one row a browser."""

import uuid
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from partners.models.people import User


class Session(AbstractBaseSession):
    """A session, as Django keeps it, with whose it is and where. Rows of browsers that have not signed in have no person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    """Names the session on pages. The session's key would let whoever reads it take the session over."""
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions", null=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        indexes: ClassVar = [models.Index(fields=["person", "-seen_at"], name="sessions_of_a_person")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore
