"""The forms of risks: recording one, assessing it, ending it. The rules are in the services."""

from typing import Any, Final

from django import forms

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.forms.fields import PlainText, VersionedForm
from commitments.forms.nouns import use_nouns
from commitments.models import Commitment, Priority, Risk, RiskAssessment, Strategy
from commitments.rules.risk_levels import ALL_RANGES, read_range
from commitments.rules.risk_limits import (
    MAX_CONDITION_CHARACTERS,
    MAX_CONTROLS_CHARACTERS,
    MAX_LEAD_CHARACTERS,
    MAX_LEADS,
    MAX_NOTE_CHARACTERS,
    MAX_PERIOD_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_SCOPE_CHARACTERS,
    MAX_WORDS_CHARACTERS,
)
from partners.models import Organisation
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import TextBox

TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
SHORT: Final = {"class": "govuk-input--width-10"}
NOT_A_LEVEL: Final = "Choose one from the list."
LEVEL_CHOICES: Final = [
    ("", "Choose one"),
    ("One word", [(str(levels), levels.label) for levels in ALL_RANGES if levels.is_one_word]),
    ("A range", [(str(levels), levels.label) for levels in ALL_RANGES if not levels.is_one_word]),
]
"""Every word, then every range of words."""


def _text(label: str, limit: int, *, rows: int = 3, required: str = "", hint: str = "") -> PlainText:
    return PlainText(
        label=label, help_text=hint, max_length=limit, required=bool(required), widget=TextBox(rows=rows, limit=limit),
        error_messages={"required": required, "max_length": TOO_LONG},
    )  # fmt: skip


def _line(label: str, limit: int, hint: str) -> PlainText:
    return PlainText(
        label=label, help_text=hint, max_length=limit, required=False, error_messages={"max_length": TOO_LONG}
    )


def _level(label: str, hint: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=hint, choices=LEVEL_CHOICES,
        error_messages=dict.fromkeys(("required", "invalid_choice"), NOT_A_LEVEL),
    )  # fmt: skip


class RiskForm(VersionedForm):
    """What is recorded of a risk."""

    words = _text(
        "What could go wrong?",
        MAX_WORDS_CHARACTERS,
        required="Say what could go wrong.",
        hint="Everyone can read this.",
    )
    about = forms.ChoiceField(
        label="What is it a risk to?",
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    controls = _text(
        "What is being done about it? (optional)", MAX_CONTROLS_CHARACTERS, rows=5,
        hint="The controls in place, and the action still needed.",
    )  # fmt: skip
    leads = _text(
        "Who leads on this? (optional)", MAX_LEADS * MAX_LEAD_CHARACTERS, rows=3,
        hint="One per line: an organisation, a team or a post. Don’t name people.",
    )  # fmt: skip
    note = _text(
        "A note about the record (optional)", MAX_NOTE_CHARACTERS, rows=2, hint="For example, a mistake in the source."
    )
    source = _line(
        "Where does this risk come from? (optional)", MAX_NOTE_CHARACTERS, "A document and its page, if it is quoted."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, strategy: Strategy, risk: Risk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.risk = risk
        nouns = strategy.nouns
        priorities = list(
            Priority.objects.filter(strategy=strategy).select_related("strategy").order_by("number", "id")
        )
        commitments = list(Commitment.objects.filter(strategy=strategy).in_order())
        self.by_value: dict[str, Priority | Commitment] = {
            **{f"priority-{row.number}": row for row in priorities},
            **{f"commitment-{row.key}": row for row in commitments},
        }
        field: Any = self.fields["about"]
        field.choices = [
            ("", f"The {nouns.strategy} as a whole"),
            (f"One of its {nouns.priorities}", [(f"priority-{row.number}", str(row)) for row in priorities]),
            (f"One of its {nouns.commitments}", [(f"commitment-{row.key}", str(row)) for row in commitments]),
        ]
        use_nouns(self, nouns)

    @classmethod
    def of(cls, risk: Risk) -> "RiskForm":
        """Return the form with what is saved."""
        about = ""
        if risk.priority:
            about = f"priority-{risk.priority.number}"
        elif risk.commitment:
            about = f"commitment-{risk.commitment.key}"
        leads = "\n".join(str(lead) for lead in risk.leads.select_related("organisation").order_by("place"))
        initial = {name: getattr(risk, name) for name in ("words", "controls", "note", "source", "version")}
        return cls(initial={**initial, "about": about, "leads": leads}, strategy=risk.strategy)

    @property
    def content(self) -> RiskContent:
        """What was entered, for the service. A line of the leads that is an organisation's name becomes that organisation."""
        values = self.cleaned_data
        chosen = self.by_value.get(values["about"])
        lines = [" ".join(line.split()) for line in values["leads"].splitlines() if line.strip()]
        kept = self.risk.leads.values_list("organisation", flat=True) if self.risk else ()
        named = Organisation.objects.public(*kept).filter(name__in=lines).order_by("-id")
        known = {row.name.lower(): row for row in named}
        leads = tuple(
            RiskLeadContent(known[line.lower()]) if line.lower() in known else RiskLeadContent(words=line)
            for line in lines
        )
        return RiskContent(
            words=values["words"], controls=values["controls"], leads=leads, note=values["note"], source=values["source"],
            priority=chosen if isinstance(chosen, Priority) else None,
            commitment=chosen if isinstance(chosen, Commitment) else None,
        )  # fmt: skip


class AssessmentForm(forms.Form):
    """How high a risk is. ``replaces`` is the assessment that this one replaces, if any."""

    priority = forms.ModelChoiceField(
        label="Is this about one priority? (optional)",
        queryset=Priority.objects.none(),
        required=False,
        empty_label="No, about the risk as a whole",
        to_field_name="number",
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    scope = _line("Or about something else? (optional)", MAX_SCOPE_CHARACTERS, "In words, such as “national policy”.")
    period = _line("For which years? (optional)", MAX_PERIOD_CHARACTERS, "In words, such as “2026 to 2028”.")
    impact = _level("Impact", "How much harm it would cause.")
    impact_reason = _text("Why is that its impact? (optional)", MAX_REASON_CHARACTERS)
    likelihood = _level("Likelihood", "How likely it is.")
    condition = _line(
        "On what condition? (optional)",
        MAX_CONDITION_CHARACTERS,
        "Continue the sentence, such as “provided that the money is there”.",
    )
    likelihood_reason = _text("Why is it that likely? (optional)", MAX_REASON_CHARACTERS)
    assessed_on = DayField(
        label="When was it assessed? (optional)",
        help_text="For example 25 November 2026, 25/11 or last Wednesday. Leave blank for today.",
        required=False,
        widget=forms.TextInput(attrs=SHORT),
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, risk: Risk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.risk = risk
        field: Any = self.fields["priority"]
        field.queryset = Priority.objects.filter(strategy=risk.strategy_id).order_by("number", "id")
        use_nouns(self, risk.strategy.nouns)

    @classmethod
    def of(cls, risk: Risk, before: RiskAssessment | None) -> "AssessmentForm":
        """Return the form with what the assessment before says, where there is one."""
        if before is None:
            return cls(risk=risk)
        names = ("scope", "period", "impact_reason", "likelihood_reason", "condition")
        initial = {name: getattr(before, name) for name in names}
        levels = {"impact": str(before.impact), "likelihood": str(before.likelihood)}
        number = before.priority.number if before.priority else None
        return cls(initial={**initial, **levels, "priority": number, "replaces": before.pk}, risk=risk)

    @property
    def content(self) -> AssessmentContent:
        """What was entered, for the service."""
        values = self.cleaned_data
        names = ("priority", "scope", "period", "impact_reason", "likelihood_reason", "condition", "assessed_on")
        impact, likelihood = read_range(values["impact"]), read_range(values["likelihood"])
        if impact is None or likelihood is None:
            raise ValueError("the choices of the form are levels")
        return AssessmentContent(impact=impact, likelihood=likelihood, **{name: values[name] for name in names})


class EndRiskForm(VersionedForm):
    """Why it is no longer a risk."""

    reason = _text(
        "Why is it no longer a risk?", MAX_REASON_CHARACTERS, required="Say why it is no longer a risk. Everyone can read the reason.",
        hint="Everyone can read this.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)
