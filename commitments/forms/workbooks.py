"""The forms in which a spreadsheet is uploaded: what they share, and that of a filled-in workbook."""

from typing import Any, Final

from django import forms
from django.conf import settings

from commitments.files.scanning import check_for_malware
from commitments.files.uploads import in_megabytes
from vcsportal.common.upload_handlers import NO_ROOM, left_out

SUFFIXES: Final = (".xlsx", ".ods", ".csv")
WITH_LISTS: Final = (*SUFFIXES, ".json")


class SpreadsheetForm(forms.Form):
    """A spreadsheet in the field ``file``, with what is said of one that has been discarded on its way."""

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        """:param request: the request that brings the file."""
        super().__init__(*args, **kwargs)
        self.request = request

    def read_file(self) -> tuple[bytes, str]:
        """Return the bytes of the file and its name. Raise :class:`Refused` for one that the malware scanner refuses."""
        file = self.cleaned_data["file"]
        data, name = file.read(settings.UPLOAD_MAX_BYTES + 1), file.name or ""
        check_for_malware(name, data)
        return data, name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.request is not None and (discarded := left_out(self.request)):
            self.errors.pop("file", None)
            name, why = discarded[0]
            sentence = (
                f"“{name}” could not be uploaded, because the portal’s disk is full. Try again later."
                if why == NO_ROOM
                else f"“{name}” is larger than {in_megabytes(settings.UPLOAD_MAX_BYTES)}, which is the limit for a file. "
                "Remove pictures and sheets that you don’t need, or divide it into smaller files."
            )
            self.add_error("file", sentence)
        return data


class WorkbookForm(SpreadsheetForm):
    """A workbook that was downloaded and filled in."""

    file = forms.FileField(
        label="Your filled-in file",
        widget=forms.FileInput(attrs={"accept": ",".join(WITH_LISTS)}),
        error_messages={"required": "Choose the file that you filled in.", "empty": "This file is empty. Choose it again."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = in_megabytes(settings.UPLOAD_MAX_BYTES)
        self.fields["file"].help_text = f"Excel (.xlsx), OpenDocument (.ods), CSV or JSON, {most} at most."
