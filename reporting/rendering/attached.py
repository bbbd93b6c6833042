"""Files that go into a PDF as they are: the same facts as data, for whoever wants to count again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import pydyf
from weasyprint import Attachment

from reporting.rendering.fetching import Fetcher
from reporting.rendering.fonts import OWN_SCHEME
from reporting.rendering.pdf import PdfAttachment


def attachments(files: Sequence[PdfAttachment], at: datetime) -> list[Attachment]:
    """Return the files as WeasyPrint's attachments, dated ``at``. Media types are ours, so that they do not depend on the machine."""
    moment = at.astimezone(UTC)
    fetcher = Fetcher({f"attached/{file.name}": (file.media_type, partial(getattr, file, "content")) for file in files})
    return [
        Attachment(
            url=f"{OWN_SCHEME}attached/{file.name}", url_fetcher=fetcher, name=file.name, description=file.description,
            created=moment, modified=moment,
        )
        for file in files
    ]  # fmt: skip


def relate(pdf: pydyf.PDF) -> None:
    """Say of each attached file that it is the data which the document was made from."""
    files = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Filespec"]
    for file in files:
        file["AFRelationship"] = "/Data"
    if files:
        pdf.catalog["AF"] = pydyf.Array([file.reference for file in files])
