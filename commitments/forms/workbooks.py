"""The form in which a filled-in workbook is uploaded."""

from typing import Any, Final

from django import forms
from django.conf import settings

from commitments.files.uploads import in_megabytes
from vcsportal.common.upload_handlers import NO_ROOM, left_out

SUFFIXES: Final = (".xlsx", ".ods", ".csv")


class WorkbookForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="Your filled-in file",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": "Choose the file that you filled in.", "empty": "This file is empty. Choose it again."},
    )  # fmt: skip

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        """:param request: the request that brings the file, which may have been discarded on its way."""
        super().__init__(*args, **kwargs)
        self.request = request
        most = in_megabytes(settings.UPLOAD_MAX_BYTES)
        self.fields["file"].help_text = f"Excel (.xlsx), OpenDocument (.ods) or CSV, {most} at most."

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
