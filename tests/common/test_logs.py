"""The log's address is the one that can be trusted."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from vcsportal.common.visitors import Visit, visiting
from vcsportal.logs import DatabaseAwayFilter, logging_config


def line() -> str:
    config = logging_config(debug=False)
    formatter = config["formatters"]["line"]
    made = formatter["()"](processor=formatter["processor"], foreign_pre_chain=formatter["foreign_pre_chain"])
    return str(made.format(logging.LogRecord("a", logging.INFO, "", 0, "words", (), None)))


def test_a_line_of_a_library_names_the_visitors_address():
    with visiting(Visit("192.0.2.1", "")):
        assert '"ip": "192.0.2.1"' in line()
    assert "ip" not in line()


@pytest.mark.django_db
def test_the_line_of_a_request_names_the_address_that_the_proxy_saw(client: Client, settings, caplog):
    settings.TRUSTED_PROXY_COUNT = 1
    with caplog.at_level(logging.INFO):
        client.get("/healthz", headers={"x-forwarded-for": "203.0.113.99, 198.51.100.4"})
    [record] = [record for record in caplog.records if "request_finished" in str(record.msg)]
    assert "'ip': '198.51.100.4'" in str(record.msg)
    assert "203.0.113.99" not in str(record.msg)


def record_of(fault: Exception) -> logging.LogRecord:
    return logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "%s: %s", ("Error", "/"), (type(fault), fault, None)
    )


def test_a_database_that_is_away_is_a_warning_of_one_line_and_a_fault_of_ours_stays_an_error():
    config = logging_config(debug=False)
    assert config["loggers"]["django.request"]["filters"] == ["not_now"]
    away = record_of(OperationalError("server closed the connection unexpectedly\n"))
    assert DatabaseAwayFilter().filter(away)
    assert (away.levelname, away.exc_info) == ("WARNING", None)
    assert away.getMessage() == "Answered with 503: server closed the connection unexpectedly"
    ours = record_of(ValueError("ours"))
    assert DatabaseAwayFilter().filter(ours)
    assert (ours.levelname, ours.exc_info is None) == ("ERROR", False)
