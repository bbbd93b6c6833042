"""The forms to verify a report, and to give the reason for a withdrawal."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from reporting.reading.verifying import read_checksum
from reporting.services.sealing import MAX_REASON_CHARACTERS, NO_REASON
from vcsportal.common.widgets import TextBox

MAX_MEGABYTES: Final = 50


class FileForm(forms.Form):
    """A file to verify. It is read once and not stored: :mod:`reporting.sealed.fingerprints` leaves its checksum
    only."""

    file = forms.FileField(
        label="The file",
        help_text=f"Any file of a report, exactly as you downloaded it. We check it once and do not keep it. {MAX_MEGABYTES} MB at most.",
        allow_empty_file=True,
        max_length=None,
        error_messages={
            "required": "Choose the file, or paste its checksum instead.",
            "invalid": "Choose the file, or paste its checksum instead.",
            "missing": "Choose the file, or paste its checksum instead.",
        },
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if too_large:
            sentence = f"The file is larger than {MAX_MEGABYTES} MB. Work its checksum out on your computer and paste that instead."
            self.fields["file"].error_messages["required"] = sentence

    def checksum(self) -> str:
        """Return the file's checksum."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        return str(getattr(file, "sha256", ""))


class ChecksumForm(forms.Form):
    """A checksum, as people copy it: in groups, with capitals, over two lines."""

    checksum = forms.CharField(
        label="The checksum",
        help_text="64 digits and letters, as on the report’s last page. Spaces and capitals do not matter.",
        required=False,
        max_length=500,
        error_messages={"max_length": "This is too long to be a checksum. Copy it again."},
        widget=TextBox(rows=2, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_checksum(self) -> str:
        """Return the checksum in its standard form."""
        found, wrong = read_checksum(self.cleaned_data["checksum"])
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class WithdrawEditionForm(forms.Form):
    """Why a published edition is withdrawn."""

    reason = forms.CharField(
        label="Why should it be withdrawn?",
        help_text="Everyone who looks for the report will see this. Say what was wrong, and where to find the correct version.",
        max_length=MAX_REASON_CHARACTERS,
        error_messages={"required": NO_REASON},
        widget=TextBox(limit=MAX_REASON_CHARACTERS, rows=4),
    )
