"""The forms for indicators: what is counted, the targets, and the decision on a figure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.forms.fields import PlainText, VersionedForm
from commitments.forms.figures import FigureField
from commitments.models import Indicator, IndicatorTarget, Round, Strategy
from commitments.rules import indicators as rules
from commitments.rules.charters import COUNTED
from commitments.rules.indicators import COUNTING_METHODS, DIRECTIONS, INDICATOR_KINDS
from commitments.services.indicators import IndicatorDefinition, TargetInput
from partners.models import Area
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import Refused

LONG: Final = {"max_length": "Use %(limit_value)d characters or fewer. You have used %(show_value)d."}


class IndicatorForm(forms.Form):
    """What is counted, and how."""

    code = forms.CharField(
        label="Its code",
        help_text="A short name that will not change, for addresses and files: letters, digits, dots and hyphens, such "
        "as 1.1a.",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Give it a code, such as 1.1a.", **LONG},
    )
    title = forms.CharField(
        label="What is counted?",
        help_text="For example “Volunteers who found a place”.",
        max_length=200,
        error_messages={"required": "Say what is counted.", **LONG},
    )
    definition = PlainText(
        label="What exactly, and how? (optional)",
        help_text="This helps the next person to count the same things.",
        widget=TextBox(rows=3),
        required=False,
    )
    unit = forms.CharField(
        label="Unit (optional)",
        help_text="What the number counts, such as people, groups or £. For a share or a percentage: what it is a share of, such as rooms.",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages=LONG,
    )
    kind = forms.ChoiceField(
        label="What kind of figure is it?",
        choices=INDICATOR_KINDS,
        widget=Radios(
            hints={
                "ratio": "You will be asked for both numbers, such as 12 of 48. The target is a percentage.",
                "percentage": "For a published percentage when you do not have the two numbers behind it. It is shown with “base not published”.",
                "scale": "For what can’t be counted: the steps are written below.",
            }
        ),
        error_messages={"required": "Choose what kind of figure it is."},
    )
    steps = PlainText(
        label="The steps of its scale",
        help_text="Only for a scale. One step a line, the lowest first; after a colon, what it means. For example “Under way: someone has begun”.",
        widget=TextBox(rows=4),
        required=False,
    )
    counting = forms.ChoiceField(
        label="How is it counted?",
        choices=COUNTING_METHODS,
        widget=Radios(
            hints={"cumulative": "Each round asks only for what was added. 50 new groups each year make 150 in three."}
        ),
        error_messages={"required": "Choose how it is counted."},
    )
    direction = forms.ChoiceField(
        label="What is good?",
        choices=DIRECTIONS,
        widget=Radios,
        error_messages={"required": "Choose what is good."},
    )
    by_district = forms.BooleanField(label="It is counted by district or area too", required=False)
    by_strand = forms.BooleanField(
        label="It is counted by strand too",
        help_text="Strands are groups such as age, disability or faith. Only for numbers of people, groups and the like, and not together with districts.",
        required=False,
    )
    counts = forms.ChoiceField(
        label="Who counts it?",
        help_text="What the portal counts, it saves when the round closes. Nobody enters a figure.",
        choices=[("", "People enter the figure"), *((code, f"The portal counts: {what}") for code, what in COUNTED)],
        required=False,
        widget=Radios,
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    baseline = FigureField(label="Baseline (optional)", help_text="The number before the first round.")
    baseline_note = forms.CharField(
        label="About the baseline (optional)",
        help_text="For example “Survey of March 2022”.",
        max_length=200,
        required=False,
        error_messages=LONG,
    )

    def __init__(self, *args: Any, strategy: Strategy, indicator: Indicator | None = None, **kwargs: Any) -> None:
        """:param strategy: what is counted belongs to it; only a charter has signatories to count."""
        if indicator:
            names = [name for name in self.base_fields if name != "steps"]
            initial = {name: getattr(indicator, name) for name in names}
            kwargs["initial"] = {**initial, "steps": written(indicator.scale), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        if indicator:
            del self.fields["code"]
        if not strategy.kind_of.signed:
            del self.fields["counts"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, steps = data.get("kind"), read_steps(data.get("steps") or "")
        if kind == "scale":
            try:
                rules.check_scale(steps)
            except Refused as refused:
                self.add_error("steps", refused.sentence)
        elif steps and kind:
            self.add_error("steps", "Only a scale has steps. Empty this box, or choose the scale above.")
        if kind and data.get("counting"):
            try:
                rules.check_counting(data["counting"], kind, data.get("unit") or "")
            except Refused as refused:
                self.add_error("counting", refused.sentence)
        return data

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not rules.INDICATOR_CODE.fullmatch(code):
            raise ValidationError("Write the code with letters, digits, dots and hyphens only, such as 1.1a.")
        return code

    @property
    def what(self) -> IndicatorDefinition:
        """What was written, as the services take it."""
        data = dict(self.cleaned_data)
        steps = read_steps(data.pop("steps"))
        code = data.pop("code", self.indicator.code if self.indicator else "")
        return IndicatorDefinition(code, scale=steps, **data)


def read_steps(text: str) -> list[dict[str, Any]]:
    """Return the steps that are written one a line as ``Word: what it means``."""
    found: list[dict[str, Any]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        label, _, definition = line.partition(":")
        found.append({"step": len(found) + 1, "label": label.strip(), "definition": definition.strip()})
    return found


def written(scale: Sequence[dict[str, Any]]) -> str:
    """Return the steps of a scale as :func:`read_steps` reads them."""
    lines = [f"{step['label']}: {step['definition']}" if step.get("definition") else step["label"] for step in scale]
    return "\n".join(lines)


class TargetsForm(forms.Form):
    """What an indicator aims at in one round, for the whole and for each district."""

    def __init__(
        self, *args: Any, indicator: Indicator, round_: Round, districts: Sequence[Area] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.areas: list[Area | None] = [None, *(districts if indicator.by_district else ())]
        stored = {
            target.area_id: target for target in IndicatorTarget.objects.filter(indicator=indicator, round=round_)
        }
        for area in self.areas:
            self._add(area, stored.get(area.pk if area else None))

    def _add(self, area: Area | None, stored: IndicatorTarget | None) -> None:
        of = f", {area.name}" if area else ""
        value = stored.value if stored else None
        if self.indicator.kind == "scale":
            steps = [("", "No target"), *((str(step["step"]), step["label"]) for step in self.indicator.scale)]
            self.fields[_key("aim", area)] = forms.ChoiceField(
                label=f"Target{of}",
                choices=steps,
                required=False,
                widget=Radios,
                initial="" if value is None else str(int(value)),
                error_messages={"invalid_choice": "Choose one of the steps of the scale."},
            )
        else:
            unit = "%" if self.indicator.kind in rules.PERCENTAGES else self.indicator.unit
            only = " Only what is to be added in this round." if self.indicator.counting == "cumulative" else ""
            self.fields[_key("aim", area)] = FigureField(
                label=f"Target{of}" + (f" ({unit})" if unit else ""), initial=value, help_text=only.strip()
            )
        self.fields[_key("note", area)] = forms.CharField(
            label=f"About the target{of} (optional)",
            help_text="If there is no target, why there is none.",
            max_length=300,
            required=False,
            initial=stored.note if stored else "",
            error_messages=LONG,
        )

    @property
    def aims(self) -> list[TargetInput]:
        """What was written, as the services take it."""
        found = []
        for area in self.areas:
            value = self.cleaned_data[_key("aim", area)]
            number = Decimal(value) if value not in (None, "") else None
            found.append(TargetInput(number, self.cleaned_data[_key("note", area)].strip(), area))
        return found


def _key(name: str, area: Area | None) -> str:
    return f"{name}_{area.pk}" if area else name


class JudgeForm(VersionedForm):
    """An officer's decision on a figure that a partner supplied. ``version`` is the one that the officer has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)
    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=[("approve", "Approve"), ("return", "Return")],
        widget=Radios(
            hints={
                "approve": "It counts, and everyone can read it.",
                "return": "It goes back with your reason, and can be edited and resent.",
            }
        ),
        error_messages={"required": "Choose whether you approve it or return it."},
    )
    reason = forms.CharField(
        label="What needs to change?",
        help_text="Only when you return it. The partner will read your words.",
        required=False,
        max_length=300,
        widget=TextBox(rows=4, limit=300),
        error_messages=LONG,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("decision") == "return" and not (values.get("reason") or "").strip():
            self.add_error("reason", "Say what needs to change. The partner will read it.")
        return values
