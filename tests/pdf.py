"""Looking into a PDF."""

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject


def in_catalogue(reader: PdfReader, *names: str) -> PdfObject:
    """Return what the document's catalogue holds under the first name, or under the second within that, and so on."""
    found: PdfObject | None = reader.trailer["/Root"].get_object()
    for name in names:
        assert isinstance(found, DictionaryObject), f"there is nothing that could hold {name}"
        found = found[name].get_object()
    assert found is not None
    return found
