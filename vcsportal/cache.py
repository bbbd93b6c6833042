"""A cache for sign-in limits that still works when the queue server is down."""

import logging
import re
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from vcsportal.queue_addresses import for_client

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
"""Seconds for which a server that failed is not asked again."""


class OwnKeys(RedisCache):
    """A part of a server that others use too: the queue, perhaps another portal."""

    def clear(self) -> None:
        """Remove the keys of this cache alone; Django's own way would empty the whole server."""
        server = self._cache.get_client(None, write=True)
        prefix = re.sub(r"([\[\]*?\\])", r"\\\1", self.key_prefix)
        for key in server.scan_iter(match=f"{prefix}:*", count=1000):
            server.unlink(key)


class FallingBackCache(BaseCache):
    """Redis first; while it can't be reached, this process's own memory.

    Limits then count per process instead of for the whole portal: weaker, but never off.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = params.setdefault("OPTIONS", {})
        options.update({"socket_timeout": 1, "socket_connect_timeout": 1})
        self._first = OwnKeys(for_client(server), params)
        self._second = LocMemCache("falling-back", {})
        self._down_until = 0.0

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._down_until:
            try:
                return getattr(self._first, method)(*args, **kwargs)
            except (RedisError, OSError):
                self._down_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("The cache server can't be reached; this process's own memory is used for now.")
        return getattr(self._second, method)(*args, **kwargs)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("touch", key, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return int(self._ask("incr", key, delta, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._ask("delete", key, version))

    def clear(self) -> None:
        self._ask("clear")
