"""A form for anybody, which lets through what people send and not what programs do; nobody solves a puzzle."""

from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.core import signing

MINIMUM_SECONDS: Final = 3
"""Time that a person needs at the least between opening the form and sending it."""
TOO_QUICK: Final = (
    "This was sent so quickly that it may have come from a program. Nothing is lost: please send it again."
)
FROM_A_PROGRAM: Final = "A box that should stay empty was filled in. It is empty again now: please send this once more."
_signer: Final = signing.Signer(salt="form-drawn")


class PublicForm(forms.Form):
    """A form with two traps: ``drawn``, the signed moment at which it was drawn, and ``website``, a box that only programs fill in.

    Whatever is wrong, it comes back with everything that was typed. ``told_at`` is the field next to which that is said.
    """

    drawn = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=200)
    website = forms.CharField(label="Leave this box empty", required=False, max_length=500)
    told_at = ""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """:param at: now: the moment at which it is drawn, or was sent."""
        super().__init__(*args, **kwargs)
        self.at = at
        self.initial["drawn"] = self._stamp()

    def _stamp(self) -> str:
        return drawn_at(self.at)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("website") or "website" in self.errors:
            self._once_more(FROM_A_PROGRAM)
        elif self._was_quick(str(values.get("drawn") or "")):
            self._once_more(TOO_QUICK)
        return values

    def _was_quick(self, drawn: str) -> bool:
        try:
            return self.at.timestamp() - int(_signer.unsign(drawn)) < MINIMUM_SECONDS
        except (signing.BadSignature, ValueError):
            return True

    def _once_more(self, sentence: str) -> None:
        """Let the same be sent again: a browser that fills in boxes, or a quick hand, loses nothing."""
        self.errors.pop("website", None)
        data = cast(Any, self.data).copy()
        data["website"], data["drawn"] = "", self._stamp()
        self.data = data
        self.add_error(self.told_at, sentence)


def drawn_at(moment: datetime) -> str:
    """Return what a form that was drawn at this moment carries."""
    return _signer.sign(str(int(moment.timestamp())))
