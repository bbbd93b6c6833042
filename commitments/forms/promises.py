"""The shape of what officers write about a commitment. The rules themselves are asked of the status table and the services."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments import status as words
from commitments.models import Commitment, ProgressUpdate
from commitments.models.promises import DELIVERY_ROLES
from commitments.services.progress import Said
from partners import roles
from partners.models import Organisation, User
from vcsportal.common.dates import DayField
from vcsportal.common.markdown import check_text
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Refused

MARKDOWN_HINT: Final = (
    "You can use **bold**, lists with a dash at the start of each line, and [links](https://example.org)."
)
NEW_PARTNERS: Final = 3


def refusals(check: Callable[[], Any]) -> str:
    """Return the sentence that ``check`` refuses with, "" if it does not."""
    try:
        check()
    except Refused as refused:
        return refused.sentence
    return ""


class PlainText(forms.CharField):
    """A text that the portal can keep: see :func:`vcsportal.common.markdown.check_text`."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        if sentence := refusals(lambda: check_text(text)):
            raise ValidationError(sentence)
        return check_text(text)


class StatusForm(forms.Form):
    """How a commitment stands and why. ``version`` is the one that the person read."""

    status = forms.ChoiceField(
        label="How does it stand?",
        widget=Radios(hints={one.code: one.definition for one in words.STATUSES}, statuses=words.BY_CODE),
        error_messages={
            "required": "Choose how the commitment stands.",
            "invalid_choice": "Choose one of the status words that the portal offers.",
        },
    )
    reason = PlainText(
        label="Why?",
        help_text="One or two sentences that everybody can read. Needed when the status changes, and whenever it is at risk or delayed.",
        widget=TextBox(rows=3),
        required=False,
    )
    remedy = PlainText(
        label="What will be done about it?",
        help_text="Needed when the commitment is at risk or delayed.",
        widget=TextBox(rows=3),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, commitment: Commitment, whole: bool = True, **kwargs: Any) -> None:
        """:param whole: False keeps a draft, which may still lack what publishing needs."""
        super().__init__(*args, **kwargs)
        self.commitment, self.whole = commitment, whole
        offered = words.may_follow(commitment.status, ongoing=commitment.ongoing)
        self.fields["status"].choices = [(one.code, one.label) for one in offered]  # type: ignore[attr-defined]
        self.fields["status"].required = whole
        if now := commitment.status:
            hints = self.fields["status"].widget.hints  # type: ignore[attr-defined]
            self.fields["status"].widget.hints = {**hints, now: f"As it is now. {hints[now]}"}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        to = data.get("status", "")
        if not self.whole or not to:
            return data
        now = self.commitment.status
        reason, remedy = data.get("reason", ""), data.get("remedy", "")
        for field, sentence in (
            ("status", refusals(lambda: words.check_transition(now, to, ongoing=self.commitment.ongoing))),
            ("reason", refusals(lambda: words.check_reasons(now, to, reason=reason, remedy="-"))),
            ("remedy", refusals(lambda: words.check_reasons(now, to, reason="-", remedy=remedy))),
        ):
            if sentence and field not in self.errors:
                self.add_error(field, sentence)
        return data

    @property
    def said(self) -> Said:
        """What was written, as the services take it."""
        data = self.cleaned_data
        return Said(
            data.get("status", ""),
            data.get("reason", ""),
            data.get("remedy", ""),
            data.get("narrative", ""),
            data.get("next_steps", ""),
        )


class UpdateForm(StatusForm):
    """The update of a round: the status, and the story behind it."""

    narrative = PlainText(label="What has happened?", help_text=MARKDOWN_HINT, widget=TextBox(rows=10), required=False)
    next_steps = PlainText(label="What comes next?", help_text=MARKDOWN_HINT, widget=TextBox(rows=5), required=False)
    round = forms.SlugField(widget=forms.HiddenInput, required=False)

    field_order = ("status", "reason", "remedy", "narrative", "next_steps", "version", "round")


def said_of(update: ProgressUpdate) -> Said:
    """Return what an update says, to compare it with what somebody else writes."""
    return Said(update.status, update.reason, update.remedy, update.narrative, update.next_steps)


class PeopleForm(forms.Form):
    """Who leads a commitment, and who supports."""

    lead = forms.ModelChoiceField(
        label="Lead officer",
        help_text="The one person who answers for it.",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
        error_messages={"invalid_choice": "Choose a council officer from the list."},
    )
    supporting = forms.ModelMultipleChoiceField(
        label="Supporting officers",
        queryset=User.objects.none(),
        required=False,
        widget=Checkboxes,
        error_messages={
            "invalid_choice": "Choose council officers from the list.",
            "invalid_pk_value": "Choose council officers from the list.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [role.code for role in roles.ROLES if roles.UPDATE_COMMITMENTS in role.may]
        officers = User.objects.filter(
            is_active=True, role_grants__role__in=able, role_grants__ended_at__isnull=True
        ).distinct()
        for name in ("lead", "supporting"):
            self.fields[name].queryset = officers.order_by("name", "id")  # type: ignore[attr-defined]


class PartnersForm(forms.Form):
    """Which organisations help to deliver a commitment, and their part. Without JavaScript three can be added at a time."""

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taking_part = [
            (one.organisation, one.role)
            for one in commitment.delivery_partners.select_related("organisation").order_by(
                "organisation__sort_name", "id"
            )
        ]
        self.others = {
            str(one.pk): one
            for one in Organisation.objects.exclude(pk__in=[one.pk for one, _role in self.taking_part]).by_name()
        }
        for organisation, role in self.taking_part:
            self.fields[f"part_{organisation.pk}"] = forms.ChoiceField(
                label=organisation.name,
                choices=[*DELIVERY_ROLES, ("", "Takes no part any more")],
                initial=role,
                required=False,
                error_messages={"invalid_choice": f"Choose the part of {organisation.name} from the list."},
            )
        for number in range(1, NEW_PARTNERS + 1):
            self.fields[f"new_{number}"] = forms.ChoiceField(
                label=f"Another organisation ({number})" if number > 1 else "Another organisation",
                choices=[("", "None"), *((key, one.name) for key, one in self.others.items())],
                required=False,
                error_messages={"invalid_choice": "Choose an organisation from the list."},
            )
            self.fields[f"new_{number}_part"] = forms.ChoiceField(
                label="Its part",
                choices=DELIVERY_ROLES,
                required=False,
                error_messages={"invalid_choice": "Choose its part from the list."},
            )

    @property
    def partners(self) -> list[tuple[Organisation, str]]:
        """Everybody who takes part from now on, as the service takes it."""
        data = self.cleaned_data
        kept = [(one, data[f"part_{one.pk}"]) for one, _role in self.taking_part if data[f"part_{one.pk}"]]
        new = [
            (self.others[data[f"new_{number}"]], data[f"new_{number}_part"] or DELIVERY_ROLES[0][0])
            for number in range(1, NEW_PARTNERS + 1)
            if data[f"new_{number}"]
        ]
        return kept + new

    @property
    def pairs(self) -> Iterable[tuple[forms.BoundField, forms.BoundField]]:
        """The fields for new partners, two by two."""
        return [(self[f"new_{number}"], self[f"new_{number}_part"]) for number in range(1, NEW_PARTNERS + 1)]

    @property
    def kept(self) -> list[forms.BoundField]:
        """The fields of those who take part already."""
        return [self[f"part_{one.pk}"] for one, _role in self.taking_part]


class ActionForm(forms.Form):
    """A step towards a commitment."""

    title = forms.CharField(
        label="What will be done?",
        help_text="One line that begins with a verb, for example “Publish the list of rooms”.",
        max_length=200,
        error_messages={
            "required": "Say what will be done.",
            "max_length": "Say it in %(limit_value)d characters or fewer. You have used %(show_value)d.",
        },
    )
    due_on = DayField(
        label="By when?",
        help_text="For example 31 March 2027 or 31/3/2027",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": "Say by when it will be done."},
    )
