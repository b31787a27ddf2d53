"""The cache holds nothing that matters, so that it may vanish at any moment without anybody noticing."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class MayVanish(RedisCache):
    """Redis or Valkey; while it is away, nothing is found and nothing is kept.

    What counts in the cache therefore fails open (tries at a second factor). What must not, counts in PostgreSQL.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return self._away(default)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError:
            self._away(None)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        try:
            return super().add(key, value, *args, **kwargs)
        except RedisError:
            return bool(self._away(True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError:
            return bool(self._away(False))

    def _away(self, answer: Any) -> Any:
        log.warning("cache_away")
        return answer
