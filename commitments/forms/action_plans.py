"""The forms that create a strategy from an uploaded action plan: the file, its columns, and its words and names."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.action_plan.choices import (
    INVITE,
    LEAVE,
    ORGANISATION,
    PERSON,
    REGISTER,
    WORDS,
    LabelChoice,
)
from commitments.action_plan.columns import MEANINGS, PlanColumn
from commitments.action_plan.status_words import NO_STATUS, folded
from commitments.forms.fields import PlainText
from commitments.forms.workbooks import SUFFIXES, SpreadsheetForm
from commitments.queries.plan_names import Candidate, organisation_typed, person_typed
from commitments.rules import status
from partners.kinds import GROUP, KINDS
from partners.models import Organisation
from vcsportal.common.dates import DayField
from vcsportal.common.lookalikes import check_email
from vcsportal.common.plurals import counted
from vcsportal.common.widgets import TextBox
from vcsportal.common.words import Refused, choices

WIDE: Final = {"class": "govuk-input--width-20"}
SHORT: Final = {"class": "govuk-input--width-10"}
TYPED: Final = "typed"
"""The choice of someone or an organisation whose name, address or number is typed."""


def _day(label: str, hint: str, missing: str) -> DayField:
    return DayField(
        label=label, help_text=hint, widget=forms.TextInput(attrs=SHORT), error_messages={"required": missing}
    )


class PlanUploadForm(SpreadsheetForm):
    """The file of an action plan, and what it does not say about the strategy."""

    file = forms.FileField(
        label="The action plan",
        help_text="An Excel (.xlsx), OpenDocument (.ods) or CSV file with one row for each action.",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={
            "required": "Choose the file of your action plan.", "empty": "This file is empty. Choose another one.",
        },
    )  # fmt: skip
    title = PlainText(
        label="Title of the strategy", help_text="For example Working together 2026–2030", max_length=200,
        error_messages={"required": "Enter the title of the strategy."},
    )  # fmt: skip
    owner = PlainText(
        label="Whose strategy is it?",
        help_text="The full name of the council or other organisation. An administrator can enter one that is new to the portal.",
        max_length=200, error_messages={"required": "Enter the name of the council or organisation."},
    )  # fmt: skip
    starts_on = _day("First day of its term", "For example 1 April 2026", "Enter the first day of its term.")
    ends_on = _day("Last day of its term", "For example 31 March 2030", "Enter the last day of its term.")
    plan_day = _day(
        "Date of this action plan",
        "The day it was agreed or last updated. Its statuses will be shown with this date.",
        "Enter the date of the action plan.",
    )
    vision = PlainText(
        label="Vision (optional)", help_text="In the words of the strategy.", max_length=2_000, required=False,
        widget=TextBox(rows=3, limit=2_000),
    )  # fmt: skip
    reports_to = PlainText(
        label="Who is the yearly report for? (optional)", help_text="For example Cabinet of Shirewell Council",
        max_length=200, required=False,
    )  # fmt: skip


class ColumnsForm(forms.Form):
    """What each column of the plan is, with what stands in its first rows."""

    def __init__(
        self, *args: Any, columns: Sequence[PlanColumn], samples: Mapping[int, Sequence[str]], **kwargs: Any
    ) -> None:
        """:param samples: the first texts of each column, by its number."""
        super().__init__(*args, **kwargs)
        self.columns = columns
        for column in columns:
            shown = samples.get(column.column, ())
            hint = f"First rows: {'; '.join(f'“{text}”' for text in shown)}" if shown else "This column is empty."
            self.fields[f"column_{column.column}"] = forms.ChoiceField(
                label=column.heading, choices=choices(MEANINGS), initial=column.meaning, help_text=hint,
                error_messages={"required": f"Choose what is in the column “{column.heading}”."},
            )  # fmt: skip

    @property
    def meanings(self) -> dict[int, str]:
        """What was chosen, by the column's number."""
        return {column.column: self.cleaned_data[f"column_{column.column}"] for column in self.columns}


class NameRow:
    """The questions about one name, as a page draws them: what to do with it, and who or what is meant."""

    def __init__(self, form: forms.Form, name: str) -> None:
        self.what, self.who = form[f"{name}_what"], form[f"{name}_who"]
        self.kind = form[f"{name}_kind"] if f"{name}_kind" in form.fields else None


class NamesForm(forms.Form):
    """What the words of the status column and the names of leads and partners mean."""

    def __init__(
        self,
        *args: Any,
        statuses: Mapping[str, str],
        words: Sequence[str],
        leads: Mapping[str, Sequence[Candidate]],
        partners: Mapping[str, Sequence[Candidate]],
        chosen: Mapping[str, Mapping[str, LabelChoice]],
        used: Mapping[str, int],
        owner: Organisation | None,
        may_register: bool,
        **kwargs: Any,
    ) -> None:
        """:param statuses: the status of each word so far, by the folded word.
        :param leads: the people that each name may mean; ``partners`` the organisations.
        :param chosen: what was chosen before for "lead" and "partner", by name.
        :param used: how many rows have each name.
        :param may_register: whether the person may add organisations and send invitations.
        """
        super().__init__(*args, **kwargs)
        self.words, self.owner, self.may_register = list(words), owner, may_register
        self.labels = {"lead": list(leads), "partner": list(partners)}
        for place, word in enumerate(self.words):
            self.fields[f"status_{place}"] = forms.ChoiceField(
                label=f"“{word}”", choices=[(NO_STATUS, "No status"), *choices(status.STATUSES)],
                initial=statuses.get(folded(word), NO_STATUS),
            )  # fmt: skip
        self.rows: dict[str, list[NameRow]] = {"lead": [], "partner": []}
        for of, candidates in (("lead", leads), ("partner", partners)):
            for place, (label, found) in enumerate(candidates.items()):
                name = f"{of}_{place}"
                self._ask(of, name, label, found, chosen[of].get(label), used.get(label, 0))
                self.rows[of].append(NameRow(self, name))

    def _ask(
        self, of: str, name: str, label: str, found: Sequence[Candidate], chosen: LabelChoice | None, used: int
    ) -> None:
        offered = [(f"known:{candidate.key}", candidate.name) for candidate in found]
        known = chosen is not None and chosen.what in {PERSON, ORGANISATION}
        if known and chosen and f"known:{chosen.key}" not in dict(offered):
            offered.insert(0, (f"known:{chosen.key}", _name_of(chosen)))
        if of == "lead":
            offered += [
                (TYPED, "Someone else who has an account" if offered else "Someone who has an account"),
                (INVITE, "Invite them"),
                (WORDS, "It is a team: show it as it is"),
            ]
            hint = "Email address or full name"
        else:
            offered += [(TYPED, f"{'Another' if offered else 'An'} organisation in the portal")]
            offered += [(REGISTER, "Add it to the portal under this name")] if self.may_register else []
            offered += [(WORDS, "Show the name as it is")]
            hint = "Name, number or email address"
        offered += [(LEAVE, "Leave it out")]
        initial = f"known:{chosen.key}" if known and chosen else chosen.what if chosen else ""
        initial = initial or (offered[0][0] if found else WORDS if of == "partner" else LEAVE)
        self.fields[f"{name}_what"] = forms.ChoiceField(
            label=f"“{label}”", choices=offered, initial=initial, help_text=f"In {counted(used, 'row')}",
            error_messages={"required": f"Choose what “{label}” is."},
        )  # fmt: skip
        self.fields[f"{name}_who"] = PlainText(
            label="Who?" if of == "lead" else "Which one?", required=False, max_length=200,
            help_text=hint, initial=chosen.email if chosen else "", widget=forms.TextInput(attrs=WIDE),
        )  # fmt: skip
        if of == "partner" and self.may_register:
            kinds = [pair for pair in KINDS if pair[0] != GROUP]
            self.fields[f"{name}_kind"] = forms.ChoiceField(
                label="Its kind, if it is new", choices=kinds, required=False,
                initial=chosen.kind if chosen and chosen.kind else "charity",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.choices: dict[str, dict[str, LabelChoice]] = {"lead": {}, "partner": {}}
        for of, labels in self.labels.items():
            for place, label in enumerate(labels):
                name = f"{of}_{place}"
                if f"{name}_what" in values:
                    try:
                        self.choices[of][label] = self._choice(of, name, values)
                    except ValidationError as error:
                        self.add_error(f"{name}_who", error)
        return values

    def _choice(self, of: str, name: str, values: Mapping[str, Any]) -> LabelChoice:
        what, who = values[f"{name}_what"], values.get(f"{name}_who", "").strip()
        known = PERSON if of == "lead" else ORGANISATION
        if what.startswith("known:"):
            return LabelChoice(known, key=int(what.removeprefix("known:")))
        if what == TYPED:
            found = person_typed(who, self.owner) if of == "lead" else organisation_typed(who)
            if found is None:
                raise ValidationError(_not_found(of, who))
            return LabelChoice(known, key=found.pk)
        if what == INVITE or (what == REGISTER and who):
            try:
                check_email(who.lower())
            except Refused as refused:
                raise ValidationError(refused.sentence) from refused
        if what == REGISTER:
            return LabelChoice(REGISTER, email=who.lower(), kind=values.get(f"{name}_kind") or "charity")
        return LabelChoice(what, email=who.lower() if what == INVITE else "")

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each word."""
        return {word: self.cleaned_data[f"status_{place}"] for place, word in enumerate(self.words)}

    @property
    def status_fields(self) -> list[Any]:
        return [self[f"status_{place}"] for place in range(len(self.words))]


def _name_of(choice: LabelChoice) -> str:
    from partners.models import User

    found: Any = User if choice.what == PERSON else Organisation
    row = found.objects.filter(pk=choice.key).first()
    return row.name if row else "Someone who has left"


def _not_found(of: str, typed: str) -> str:
    if not typed:
        return "Enter who it is." if of == "lead" else "Enter which organisation it is."
    if of == "lead":
        return f"Nobody who can lead has “{typed[:60]}” as their email address or name. Check it, or invite them."
    return (
        f"We could not find one organisation with the name or number “{typed[:60]}”. Check it, or enter its full name."
    )
