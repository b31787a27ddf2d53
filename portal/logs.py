"""Logs as lines of JSON with a request id; in DEBUG as text. Never local variables: a code may be among them."""

from __future__ import annotations

import re
from typing import Any

import structlog

DETAIL = re.compile(r"DETAIL:.*?(?=\n\n|\Z)", re.DOTALL)


def without_rows(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL's DETAIL quotes the whole row that it refused: what people gave us must not end up in a log."""
    if isinstance(text := event.get("exception"), str):
        event["exception"] = DETAIL.sub("DETAIL: (left out)", text)
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_rows,
]


def configure(*, is_json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING, so that both write the same lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer()
    if not is_json:
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Each 404 of a stranger is not news; errors still are.
            "django.request": {"level": "ERROR"},
            "django_structlog": {"level": "ERROR"},
            # Scanners try other hosts all day.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
