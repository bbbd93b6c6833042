"""What the API reads: JSON of a bounded size and depth, and forms with a file."""

import json
from typing import Any

from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from vcsportal.common.api_problems import MULTIPART
from vcsportal.common.markdown import UNTYPABLE

MAX_BYTES = 256 * 1024
MAX_TABLE_BYTES = 2 * 1024 * 1024
"""Of a table, which has many rows."""
MAX_DEPTH = 8


class TooLarge(APIException):
    """The body is larger than what is read."""

    status_code = 413


class BoundedJSON(BaseParser):
    """JSON in UTF-8, read once with a limit, then searched for characters that can't be stored."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise TooLarge(f"The body is too large. The limit is {MAX_BYTES // 1024} KB.")
        try:
            read = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
        except RecursionError as error:
            raise ParseError(_too_deep()) from error
        except ValueError as error:
            raise ParseError("The body is not JSON in UTF-8.") from error
        _look_through(read)
        return read


class TableFile(BaseParser):
    """A table as a file, read once with a limit. Whoever asked for it reads the bytes."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw: bytes = stream.read(MAX_TABLE_BYTES + 1)
        if len(raw) > MAX_TABLE_BYTES:
            raise TooLarge(f"The body is too large. The limit is {MAX_TABLE_BYTES // 1024 // 1024} MB.")
        return raw


class TableJSON(TableFile):
    """The same as a list of objects in JSON."""

    media_type = "application/json"


class FormWithFile(BaseParser):
    """A form with files, as the pages take it: what is too big is discarded on the way, and large files wait on the disk.

    The middleware may have read it already, to know whether the same form was sent before.
    """

    media_type = MULTIPART

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        form = parser_context["request"]._request
        return DataAndFiles(form.POST, form.FILES)


def check_content_type(request: Request) -> None:
    """Refuse a form where none is taken. Once the middleware has read it, the framework would see an empty body instead.

    :raises UnsupportedMediaType: as the framework does for any other content type.
    """
    takes = any(parser.media_type == MULTIPART for parser in request.parsers or ())
    if (request.content_type or "").lower().startswith(MULTIPART) and not takes:
        raise UnsupportedMediaType(request.content_type)


def check_typed(read: Any) -> None:
    """Refuse a text with a character that can't be stored."""
    _look_through(read)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _too_deep() -> str:
    return f"The body is nested too deeply. The limit is {MAX_DEPTH} levels."


def _look_through(read: Any) -> None:
    level = [read]
    for _depth in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and UNTYPABLE.search(value):
                raise ParseError("A text contains a character that can't be saved. Copy it again without formatting.")
        if not below:
            return
        level = below
    raise ParseError(_too_deep())
