"""What Schemathesis is told beside its settings: which of its findings are none, each for a reason. It imports this file."""

from typing import Any, Final

import schemathesis

DEPENDS: Final = {
    "is not one of the choices here": "which strategies, years or places there are depends on the data",
    "A CSV file has no related things": "two parameters that exclude each other can’t be described",
    "Pages are of one kind": "a parameter that needs another can’t be described",
    "This is no cursor of this list": "a cursor is signed by the portal; no pattern has those alone that it gave",
    "with a cursor, follow the addresses": "two parameters that exclude each other can’t be described",
    "Use the addresses in next and previous": "a place in a list is made by the portal; no pattern has those alone that it made",
}
"""Parts of sentences with which the API rightly refuses a value that fits its description, and why."""


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Leave out what is rightly refused."""
    refused_rightly = response.status_code == 400 and any(part in (response.text or "") for part in DEPENDS)
    return not refused_rightly
