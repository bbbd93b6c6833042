"""The forms of figures with sources: what a figure is, what a source says, a correction, an end. The services apply the rules."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.content.sourced_figures import SourcedFigureContent, SourcedValueContent, with_counts_by_strand
from commitments.forms.fields import PlainText
from commitments.models import SourcedFigure, SourcedValue, Strategy
from commitments.rules.indicators import read_number, say_number
from commitments.rules.sourced_figures import FIGURE_KINDS, KINDS_WITH_PARTS, QUALIFIERS, RANK, TOPICS, say_sourced
from partners.models import Area, Source, Strand
from partners.services.sources import LIMITS, SourceContent
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import Invalid, choices

SHORT: Final = {"class": "govuk-input--width-10"}


class NumberField(forms.Field):
    """A number as people write it: ``1,200``, ``£79.5``, ``22%``; or nothing."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        words = str(value or "").strip()
        if not words:
            return None
        try:
            return read_number(words)
        except Invalid as refused:
            raise ValidationError(refused.sentence, code="invalid") from refused

    def prepare_value(self, value: Any) -> Any:
        return say_number(value) if isinstance(value, Decimal) else value


class CountField(NumberField):
    """A whole number of 0 or more, or nothing."""

    def to_python(self, value: Any) -> Decimal | None:
        count = super().to_python(value)
        if count is not None and (count < 0 or count != int(count)):
            raise ValidationError("Enter a whole number of 0 or more.", code="invalid")
        return count


def _number(label: str) -> NumberField:
    return NumberField(label=label, required=False, widget=forms.TextInput(attrs=SHORT))


def _day(label: str, hint: str = "") -> DayField:
    return DayField(label=label, help_text=hint, required=False, widget=forms.TextInput(attrs=SHORT))


def _version() -> forms.IntegerField:
    return forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class SourcedFigureForm(forms.Form):
    """What a figure is."""

    strategy = forms.ModelChoiceField(
        label="Which strategy is it for?", queryset=Strategy.objects.none(), to_field_name="slug", empty_label=None
    )
    title = PlainText(
        label="What is counted",
        max_length=200,
        help_text="For example: Children living in poverty.",
        error_messages={"required": "Say what is counted."},
    )
    about = forms.ChoiceField(
        label="What is it about?",
        choices=choices(TOPICS),
        widget=Radios(hints={topic.code: topic.hint for topic in TOPICS}),
        error_messages={"required": "Choose what the figure is about."},
    )
    kind = forms.ChoiceField(label="What kind of figure is it?", choices=FIGURE_KINDS, widget=Radios())
    unit = PlainText(
        label="Unit (optional)", max_length=60, required=False, help_text="For example: people, £ million. For a percentage, say what it is a percentage of."
    )  # fmt: skip
    definition = PlainText(
        label="How it is counted (optional)", max_length=1000, required=False, widget=TextBox(rows=3, limit=1000)
    )
    part_of = forms.ModelChoiceField(
        label="Part of (optional)", queryset=SourcedFigure.objects.none(), required=False, empty_label="It stands alone"
    )
    in_report = forms.BooleanField(label="Print it in the strategy’s report", required=False)
    version = _version()

    def __init__(self, *args: Any, strategies: Any, figure: SourcedFigure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        wholes = SourcedFigure.objects.in_use().filter(part_of__isnull=True, strategy__in=strategies.order_by())
        if figure is not None:
            del fields["strategy"]
            wholes = wholes.filter(strategy=figure.strategy_id, about=figure.about).exclude(pk=figure.pk)
        else:
            fields["strategy"].queryset = strategies
        fields["part_of"].queryset = wholes.in_order()
        if figure is not None and figure.values.exists():
            del fields["kind"]
            del fields["unit"]
        self.figure = figure

    @staticmethod
    def initial_of(figure: SourcedFigure) -> dict[str, Any]:
        """Return what the form shows of a figure."""
        names = ("title", "about", "kind", "unit", "definition", "part_of", "in_report", "version")
        return {name: getattr(figure, name) for name in names}

    @property
    def content(self) -> SourcedFigureContent:
        """The cleaned values as the service takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in {"strategy", "version"}}
        if self.figure is not None:
            values = {"kind": self.figure.kind, "unit": self.figure.unit, **values}
        return SourcedFigureContent(**values)


class SourcedValueForm(forms.Form):
    """What one source says. A source that is not in the list can be added in the same form.

    A correction is for the same area or strand as the ``value`` that it corrects, so it asks for neither.
    """

    value = _number("The number")
    numerator = _number("The part")
    denominator = _number("The whole")
    qualifier = forms.ChoiceField(label="How exact is it?", choices=QUALIFIERS, required=False)
    starts_on = _day(
        "Date, or first day of the period (optional)", "Leave blank if you give the period in words below."
    )
    ends_on = _day("Last day (optional)")
    period = PlainText(
        label="Date or period in words (optional)", max_length=120, required=False, help_text="For example: mid-2019, or 2020/21 financial year."
    )  # fmt: skip
    area = forms.ModelChoiceField(
        label="For one area (optional)", queryset=Area.objects.none(), to_field_name="gss_code", required=False,
        empty_label="The whole",
    )  # fmt: skip
    beside = forms.ModelChoiceField(
        label="Another source for the same thing (optional)", queryset=SourcedValue.objects.none(), required=False,
        empty_label="No, it stands alone", help_text="Both are shown together, and the page says how they differ.",
    )  # fmt: skip
    words = PlainText(
        label="The source’s own words (optional)", max_length=1000, required=False, widget=TextBox(rows=3, limit=1000)
    )
    source = forms.ModelChoiceField(
        label="Source", queryset=Source.objects.none(), to_field_name="slug", required=False,
        empty_label="No source yet: only the people who can change it see it",
    )  # fmt: skip
    source_place = PlainText(label="Where in the source (optional)", max_length=300, required=False)
    note = PlainText(
        label="Note (optional)", max_length=500, required=False, help_text="What a reader should know, such as what is left out."
    )  # fmt: skip
    new_title = PlainText(label="Its title", max_length=LIMITS["title"], required=False)
    new_publisher = PlainText(label="Its publisher (optional)", max_length=LIMITS["publisher"], required=False)
    new_published_on = _day("Published on (optional)")
    new_period = PlainText(
        label="When it was published, in words (optional)", max_length=LIMITS["period"], required=False, help_text="Give this or the date above."
    )  # fmt: skip
    new_url = PlainText(label="Its address (optional)", max_length=LIMITS["url"], required=False)
    new_licence = PlainText(label="Its licence (optional)", max_length=LIMITS["licence"], required=False)
    reason = PlainText(label="What was wrong?", max_length=300, help_text="Everyone can read the reason.")
    version = _version()

    def __init__(
        self, *args: Any, figure: SourcedFigure, today: Any, value: SourcedValue | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.corrected = value
        self.strands: dict[str, Strand] = {}
        fields: Any = self.fields
        for name in ("value",) if figure.kind in KINDS_WITH_PARTS else ("numerator", "denominator"):
            del fields[name]
        if figure.kind == RANK:
            fields["numerator"].label, fields["denominator"].label = "The place", "How many there are"
        fields["source"].queryset = Source.objects.by_title()
        if value is not None:
            for name in ("area", "beside"):
                del fields[name]
            return
        del fields["reason"]
        fields["area"].queryset = Area.objects.in_force(today).order_by("name", "id")
        if figure.kind == "number" and figure.unit[:1] not in {"£", "€", "$"}:
            self.strands = {f"strand_{strand.code}": strand for strand in Strand.objects.in_use(today)}
        for name, strand in self.strands.items():
            fields[name] = CountField(
                label=strand.words, help_text=strand.definition, required=False, widget=forms.TextInput(attrs=SHORT)
            )
        beside = SourcedValue.objects.current().filter(figure=figure, beside__isnull=True, strand__isnull=True)
        if beside.exists():
            fields["beside"].queryset = beside.select_related("figure").as_entered()
            fields["beside"].label_from_instance = lambda row: say_sourced(row, kind=figure.kind, unit=figure.unit)
        else:
            del fields["beside"]

    @staticmethod
    def initial_of(value: SourcedValue) -> dict[str, Any]:
        """Return what the form shows of a value that is corrected."""
        names = (
            "value", "numerator", "denominator", "qualifier", "starts_on", "ends_on", "period", "words", "source_place", "note",
        )  # fmt: skip
        return {
            **{name: getattr(value, name) for name in names},
            "source": value.source.slug if value.source else "",
        }

    @property
    def names_new_source(self) -> bool:
        """Whether a source that is not in the list was begun, so that its boxes are shown again."""
        return any(self[name].value() for name in self.fields if name.startswith("new_"))

    @property
    def new_source(self) -> SourceContent | None:
        """The source that was added here, None where one of the list was chosen."""
        given = {
            name.removeprefix("new_"): value for name, value in self.cleaned_data.items() if name.startswith("new_")
        }
        return SourceContent(**given) if given["title"] else None

    @property
    def strand_fields(self) -> list[forms.BoundField]:
        """The boxes of the strands."""
        return [self[name] for name in self.strands]

    @property
    def shows_strands(self) -> bool:
        """Whether a box of a strand is filled in, so that all of them are shown again."""
        return any(field.value() not in (None, "") for field in self.strand_fields)

    def contents(self, source: Source | None) -> list[SourcedValueContent]:
        """Return the cleaned values and counts by strand as the service takes them."""
        counts = {strand: self.cleaned_data[name] for name, strand in self.strands.items()}
        given = {strand: count for strand, count in counts.items() if count is not None}
        return with_counts_by_strand(self.content(source), given)

    def content(self, source: Source | None) -> SourcedValueContent:
        """Return the cleaned values as the service takes them, without counts by strand."""
        names = SourcedValueContent.__dataclass_fields__
        values = {name: value for name, value in self.cleaned_data.items() if name in names and name != "source"}
        if self.corrected is not None:
            values |= {"area": self.corrected.area, "strand": self.corrected.strand}
        return SourcedValueContent(**values, source=source)


class SourceForm(forms.Form):
    """What is said of a source, wherever it is named."""

    title = PlainText(
        label="Its title", max_length=LIMITS["title"], error_messages={"required": "Enter the title of the source."}
    )
    publisher = PlainText(label="Its publisher (optional)", max_length=LIMITS["publisher"], required=False)
    published_on = _day("Published on (optional)")
    period = PlainText(
        label="When it was published, in words (optional)", max_length=LIMITS["period"], required=False, help_text="One of the two is needed."
    )  # fmt: skip
    url = PlainText(label="Its address (optional)", max_length=LIMITS["url"], required=False)
    licence = PlainText(label="Its licence (optional)", max_length=LIMITS["licence"], required=False)
    note = PlainText(
        label="Note (optional)", max_length=LIMITS["note"], required=False, widget=TextBox(rows=3, limit=LIMITS["note"])
    )
    version = _version()

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        """Return what the form shows of a source."""
        return {name: getattr(source, name) for name in (*LIMITS, "published_on", "version")}

    @property
    def content(self) -> SourceContent:
        """The cleaned values as the service takes them."""
        return SourceContent(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class FigureEndForm(forms.Form):
    """Why a figure has ended, or an award is removed from the list."""

    reason = PlainText(
        label="Why?", max_length=300, help_text="Everyone can read the reason.", error_messages={"required": "Say why."}
    )
    version = _version()
