"""Structured logs: one line a request or job, as JSON in production and readable in debug."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from vcsportal.common.visitors import current_visit

_SECRET: Final = re.compile(r"(/calendars/)[^/?\s\"']+")


def _one_line_each(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out the line that says a request has begun; the one at its end says all."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event


def _address(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the visitor's trusted address to every line that is written while a request is answered."""
    if visit := current_visit():
        event["ip"] = visit.address
    return event


def _without_secrets(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave the secret out of the address of a personal calendar: whoever reads the log could read the calendar."""
    for key in ("request", "event", "exception"):
        if isinstance(event.get(key), str):
            event[key] = _SECRET.sub(r"\1…", event[key])
    return event


class DatabaseAwayFilter(logging.Filter):
    """A request that was answered with 503 because of the database is a warning of one line, and no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        from vcsportal.common.database_faults import unavailable  # settings are not there yet when this module is read

        fault = record.exc_info[1] if record.exc_info else None
        if unavailable(fault):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg, record.args = "Answered with 503: %s", (str(fault).strip(),)
            record.exc_info = record.exc_text = None
        return True


def configure_structlog() -> None:
    """Tell structlog to hand its events to Django's own logging."""
    structlog.configure(
        processors=[
            _one_line_each,
            structlog.contextvars.merge_contextvars,
            _address,
            structlog.stdlib.filter_by_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, debug: bool) -> dict[str, Any]:
    """Return Django's ``LOGGING``: everything to standard error, at INFO."""
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False) if debug else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                # Lines of libraries say when, how grave and by whom, as our own do.
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    _address,
                    structlog.processors.TimeStamper(fmt="iso"),
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                    _without_secrets,
                ],
            }
        },
        "filters": {"not_now": {"()": DatabaseAwayFilter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {
                "handlers": []
            },  # not Django's own as well, which in debug writes each line once more, secrets and all
            "django.request": {"filters": ["not_now"]},
            "fontTools": {"level": "ERROR"},
            "pikepdf": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }
