"""The fields for figures: one for each indicator, with last round's figure and this round's target next to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError

from commitments.models import Commitment, Indicator, IndicatorTarget, IndicatorValue, Round
from commitments.rules import indicators as rules
from commitments.rules.indicators import IndicatorFigure
from commitments.rules.strand_counts import checked_counts
from commitments.services.indicators import FigureInput
from partners.models import Area, Strand
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios
from vcsportal.common.words import Invalid, Refused

MAX_REASON_CHARACTERS: Final = 300
NONE_THERE: Final = "If there is none, leave the box empty and say why below."


class FigureField(forms.Field):
    """A number as people write it: "1,200", "12,5", "25%". "N/A" gets a helpful message."""

    widget = forms.TextInput

    def __init__(self, *, otherwise: str = "Or leave it empty.", **kwargs: Any) -> None:
        """:param otherwise: what to do if there is no number."""
        super().__init__(required=False, **kwargs)
        self.otherwise = otherwise
        self.widget.attrs.update({"class": "govuk-input--width-10", "inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        words = str(value or "").strip()
        if not words:
            return None
        try:
            return rules.read_number(words)
        except Refused as refused:
            raise ValidationError(f"{refused.sentence} {self.otherwise}", code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return rules.say_number(value).replace("\u2212", "-") if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """One figure that is asked for: an indicator, perhaps for one district, with its target and earlier figures."""

    indicator: Indicator
    area: Area | None = None
    before: str = ""
    aim: str = ""
    stored: IndicatorValue | None = None
    strands: Sequence[Strand] = ()

    @property
    def key(self) -> str:
        return f"{self.indicator.pk}" + (f"_{self.area.pk}" if self.area else "")

    @property
    def name(self) -> str:
        """What the boxes are called, with its unit."""
        name = f"{self.indicator.title}, {self.area.name}" if self.area else self.indicator.title
        unit = {"number": self.indicator.unit, "percentage": "%"}.get(self.indicator.kind, "")
        return f"{name} ({unit})" if unit else name


@dataclass(frozen=True, slots=True)
class Box:
    """One figure for the template: its fields, and the sentences next to them."""

    asked: FigureQuestion
    fields: Sequence[forms.BoundField]
    absent: forms.BoundField
    version: forms.BoundField
    strands: Sequence[forms.BoundField] = ()

    @property
    def shows_strands(self) -> bool:
        """Whether a count by strand is filled in, or wrong."""
        return any(field.errors or field.value() not in (None, "") for field in self.strands)

    @property
    def is_share(self) -> bool:
        """Whether two numbers are asked for."""
        return self.asked.indicator.kind == "ratio"

    @property
    def returned(self) -> str:
        """Why the figure was sent back, if it was."""
        stored = self.asked.stored
        return stored.state_reason if stored and stored.state == "returned" else ""

    @property
    def hints(self) -> list[str]:
        """Last round's figure, this round's target, and what is to be counted."""
        adds_up = self.asked.indicator.counting == "cumulative"
        only = "Only what was added in this round; the portal adds it up." if adds_up else ""
        bare = (
            "As it was published. It is shown with “base not published”."
            if self.asked.indicator.kind == "percentage"
            else ""
        )
        hints = (self.asked.indicator.definition, only, bare, self.asked.before, self.asked.aim)
        return [hint for hint in hints if hint]


class FiguresForm(forms.Form):
    """The figures of a commitment for a round. Nothing needs to be filled in; what is, is a number or a reason.

    ``entries`` is what :func:`commitments.services.indicators.enter_values` takes; ``boxes`` is what the template
    draws; ``rows`` is what was written, for check-your-answers. It costs three queries, four where something is counted by
    strand, and asks for nothing (and is false) where nothing is counted.
    """

    def __init__(
        self,
        commitment: Commitment | None,
        round_: Round,
        data: Any = None,
        prefix: str = "figures",
        *,
        asked: Iterable[FigureQuestion] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, prefix=prefix, **kwargs)
        found = (
            asked_of(commitment.indicators.filter(counts="").order_by("id"), round_)
            if asked is None and commitment
            else asked
        )
        self.round = round_
        self.asked = list(found or [])
        for question in self.asked:
            self._add(question)

    def __bool__(self) -> bool:
        return bool(self.asked)

    def _add(self, asked: FigureQuestion) -> None:
        key, indicator, stored = asked.key, asked.indicator, asked.stored
        if indicator.kind == "ratio":
            self.fields[f"part_{key}"] = FigureField(
                otherwise=NONE_THERE, label="How many?", initial=stored.numerator if stored else None
            )
            self.fields[f"whole_{key}"] = FigureField(
                label="Out of how many?", initial=stored.denominator if stored else None
            )
        elif indicator.kind == "scale":
            steps = [(str(step["step"]), step["label"]) for step in indicator.scale]
            self.fields[f"value_{key}"] = forms.ChoiceField(
                label=asked.name,
                choices=steps,
                required=False,
                widget=Radios(hints={str(step["step"]): step.get("definition", "") for step in indicator.scale}),
                initial=str(int(stored.value)) if stored and stored.value is not None else "",
                error_messages={"invalid_choice": "Choose one of the steps of the scale."},
            )
        else:
            self.fields[f"value_{key}"] = FigureField(
                otherwise=NONE_THERE, label=asked.name, initial=stored.value if stored else None
            )
        counted = stored.by_strand if stored else {}
        for strand in asked.strands:
            self.fields[_strand_name(asked, strand)] = FigureField(
                label=strand.words, help_text=strand.definition, initial=counted.get(strand.code)
            )
            self.fields[_strand_name(asked, strand)].widget.attrs["inputmode"] = "numeric"
        self.fields[f"absent_{key}"] = forms.CharField(
            label="We can’t say, because …",
            required=False,
            max_length=MAX_REASON_CHARACTERS,
            initial=stored.absent_reason if stored else "",
            error_messages={
                "max_length": "Say why in %(limit_value)d characters or fewer. You have used %(show_value)d.",
            },
        )
        self.fields[f"absent_{key}"].widget.attrs["autocomplete"] = "off"
        self.fields[f"version_{key}"] = forms.IntegerField(
            widget=forms.HiddenInput,
            required=False,
            min_value=0,
            max_value=LARGEST_INTEGER,
            initial=stored.version if stored else None,
        )

    def _given(self, question: FigureQuestion) -> IndicatorFigure:
        data, key = self.cleaned_data, question.key
        reason = (data.get(f"absent_{key}") or "").strip()
        if question.indicator.kind == "ratio":
            part, whole = data.get(f"part_{key}"), data.get(f"whole_{key}")
            return IndicatorFigure(numerator=part, denominator=whole, absent_reason=reason)
        value = data.get(f"value_{key}")
        return IndicatorFigure(Decimal(value) if value not in (None, "") else None, absent_reason=reason)

    def _strands(self, question: FigureQuestion) -> dict[str, Any] | None:
        """Return the counts by strand that were written, by the codes of their strands; None where their boxes were not sent."""
        named = {strand.code: _strand_name(question, strand) for strand in question.strands}
        if not any(self.add_prefix(name) in self.data for name in named.values()):
            return None
        written = {code: self.cleaned_data.get(name) for code, name in named.items()}
        return {code: count for code, count in written.items() if count is not None}

    def _check_strands(self, question: FigureQuestion, figure: IndicatorFigure) -> None:
        named = {strand.code: _strand_name(question, strand) for strand in question.strands}
        if any(name in self.errors for name in named.values()):
            return
        try:
            checked_counts(self._strands(question) or {}, figure.value)
        except Invalid as refused:
            self.add_error(named.get(refused.field or "", _names(question)[0]), refused.sentence)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for question in self.asked:
            names = _names(question)
            if any(name in self.errors for name in (*names, f"absent_{question.key}")):
                continue
            given = self._given(question)
            self._check_strands(question, given)
            if given == IndicatorFigure():
                if question.stored:
                    now = rules.say_figure(
                        question.stored,
                        kind=question.indicator.kind,
                        unit=question.indicator.unit,
                        scale=question.indicator.scale,
                    )
                    self.add_error(names[0], f"There is a figure already ({now}). Change it, or say why there is none.")
                continue
            try:
                rules.checked(given, kind=question.indicator.kind, scale=question.indicator.scale)
            except Refused as refused:
                wrong = names[0] if given.denominator is not None or given.numerator is None else names[-1]
                self.add_error(wrong, refused.sentence)
        return data

    @property
    def entries(self) -> list[FigureInput]:
        """Return the figures that were entered and differ from the stored ones."""
        found = []
        for question in self.asked:
            given = self._given(question)
            if given == IndicatorFigure():
                continue
            kept = rules.checked(given, kind=question.indicator.kind, scale=question.indicator.scale)
            stored = question.stored
            strands = self._strands(question)
            same = stored and kept == _figure(stored) and strands in (None, stored.by_strand)
            if stored and same and stored.state != "returned":
                continue
            version = self.cleaned_data.get(f"version_{question.key}")
            found.append(FigureInput(question.indicator, kept, question.area, version=version, strands=strands))
        return found

    @property
    def boxes(self) -> list[Box]:
        """What the template draws."""
        return [
            Box(
                question,
                [self[name] for name in _names(question)],
                self[f"absent_{question.key}"],
                self[f"version_{question.key}"],
                [self[_strand_name(question, strand)] for strand in question.strands],
            )
            for question in self.asked
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was written, as rows of check-your-answers: ``key`` and ``value``. What was left empty is left out."""
        said = []
        for question in self.asked:
            given = self._given(question)
            if given != IndicatorFigure():
                indicator = question.indicator
                kept = rules.checked(given, kind=indicator.kind, scale=indicator.scale)
                value = rules.say_figure(kept, kind=indicator.kind, unit=indicator.unit, scale=indicator.scale)
                counts = self._strands(question) or {}
                by_strand = [
                    f"{strand.words} {rules.say_number(counts[strand.code])}"
                    for strand in question.strands
                    if strand.code in counts
                ]
                said.append(
                    {
                        "key": question.name,
                        "value": f"{value}. By strand: {'; '.join(by_strand)}" if by_strand else value,
                    }
                )
        return said

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What was written, as names and values of hidden fields that carry it on."""
        return [(self.add_prefix(name), str(self.data.get(self.add_prefix(name), ""))) for name in self.fields]

    def seen(self) -> None:
        """Continue from the current versions: what was typed stays, and is meant for what the reader is shown."""
        data: Any = cast(Any, self.data).copy()
        for question in self.asked:
            data[self.add_prefix(f"version_{question.key}")] = str(question.stored.version) if question.stored else ""
        self.data = data


def _names(question: FigureQuestion) -> list[str]:
    return (
        [f"part_{question.key}", f"whole_{question.key}"]
        if question.indicator.kind == "ratio"
        else [f"value_{question.key}"]
    )


def _strand_name(question: FigureQuestion, strand: Strand) -> str:
    return f"strand_{question.key}_{strand.code}"


def _figure(stored: IndicatorValue) -> IndicatorFigure:
    return IndicatorFigure(stored.value, stored.numerator, stored.denominator, stored.absent_reason)


def asked_of(indicators: Iterable[Indicator], round_: Round, districts: Sequence[Area] = ()) -> list[FigureQuestion]:
    """Return what is asked of these indicators in a round, in three queries at most, or four where one is counted by strand.

    :param districts: those that are asked for, beside the whole, of what is counted by district.
    """
    wanted = list(indicators)
    if not wanted:
        return []
    values: dict[tuple[int, int | None], list[IndicatorValue]] = {}
    for value in (
        IndicatorValue.objects.filter(indicator__in=wanted, round__observes_from__lte=round_.observes_from)
        .select_related("round", "entered_by")
        .order_by("-round__observes_from", "-id")
    ):
        values.setdefault((value.indicator_id, value.area_id), []).append(value)
    targets = {
        (target.indicator_id, target.area_id): target
        for target in IndicatorTarget.objects.filter(indicator__in=wanted, round=round_)
    }
    strands = list(Strand.objects.in_order()) if any(indicator.by_strand for indicator in wanted) else []
    found = []
    for indicator in wanted:
        for area in (None, *(districts if indicator.by_district else ())):
            key = (indicator.pk, area.pk if area else None)
            found.append(_asked(indicator, area, values.get(key, []), targets.get(key), round_, strands))
    return found


def _asked(
    indicator: Indicator,
    area: Area | None,
    values: Sequence[IndicatorValue],
    target: IndicatorTarget | None,
    round_: Round,
    strands: Sequence[Strand],
) -> FigureQuestion:
    words: Mapping[str, Any] = {"kind": indicator.kind, "unit": indicator.unit, "scale": indicator.scale}
    stored = next((value for value in values if value.round_id == round_.pk), None)
    last = next((value for value in values if value.round_id != round_.pk and value.state == "approved"), None)
    before = f"In {last.round.label}: {rules.say_figure(last, **words)}." if last else ""
    aim = ""
    if target and target.value is not None:
        aim = f"Target for {round_.label}: {rules.say_aim(target.value, **words)}."
    elif target:
        aim = f"No target for {round_.label}: {target.note}"
    counted = stored.by_strand if stored else {}
    offered = [
        strand
        for strand in strands
        if indicator.by_strand and (strand.is_in_use(round_.observes_to) or strand.code in counted)
    ]
    return FigureQuestion(indicator, area, before, aim, stored, offered)
