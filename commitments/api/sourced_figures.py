"""The county in figures through the API: the same figures, visibility and services as on the pages."""

from decimal import Decimal
from typing import Any, Final

import django_filters
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.strand_counts import StrandCount, by_strand_of
from commitments.content.sourced_figures import SourcedFigureContent, SourcedValueContent, with_counts_by_strand
from commitments.models import SourcedFigure, Strategy
from commitments.permissions.sourced_figures import NOT_KEPT, check_can_keep_figures
from commitments.queries.changes import changed_in_history
from commitments.reading.source_lines import SourceLine
from commitments.reading.sourced_figures import FigureCard, ValueLine, figure_cards
from commitments.rules.sourced_figures import FIGURE_KINDS, QUALIFIERS, TOPICS
from commitments.services import sourced_figures as services
from commitments.services import sourced_values as values
from partners import roles
from partners.models import Area, Source, Strand
from partners.permissions import check_permission_anywhere
from partners.services.sources import LIMITS, SourceContent, add_source
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_shapes import Answer, Input
from vcsportal.common.filtering import Filters
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import choices

TEXT: Any = {"required": False, "allow_blank": True, "default": ""}
NONE: Any = {"required": False, "allow_null": True, "default": None}
NO_SUCH = "There is no {what} “{value:.60}”."
MAX_STRANDS = 100


class SourcePart(serializers.Serializer[Any]):
    """Where a value comes from."""

    title = serializers.CharField()
    publisher = serializers.CharField()
    published = serializers.CharField(help_text="When it was published, in words.")
    place = serializers.CharField(help_text="Where in the source.")
    url = serializers.CharField()
    licence = serializers.CharField()
    note = serializers.CharField()


class SourcedValuePart(serializers.Serializer[Any]):
    """What one source says."""

    id = serializers.IntegerField()
    said = serializers.CharField(help_text="As it is printed.")
    value = serializers.FloatField()
    period = serializers.CharField(help_text="The day or period in words.")
    area = serializers.CharField(help_text="The area's name; empty for the whole.")
    words = serializers.CharField(help_text="The source's own words.")
    source = SourcePart(allow_null=True)  # type: ignore[assignment]  # a field called as an attribute of every field
    note = serializers.CharField()
    correction = serializers.CharField(help_text="Why it was corrected; empty if it was not.")
    differs = serializers.CharField(
        help_text="Of another source: how it differs from the first; empty if it says the same."
    )
    others = serializers.ListField(child=serializers.DictField(), help_text="What other sources say of the same thing.")


class SourcedFigureAnswer(Answer):
    """A figure with what its sources say. Small numbers of strands are hidden."""

    id = serializers.IntegerField()
    url = serializers.URLField()
    page = serializers.URLField()
    strategy = serializers.CharField()
    code = serializers.CharField(help_text="Stable within its strategy.")
    about = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField()
    part_of = serializers.CharField(allow_null=True, help_text="The code of the figure that this one is part of.")
    in_report = serializers.BooleanField()
    ended = serializers.BooleanField()
    values = SourcedValuePart(many=True, help_text="The newest for the whole and for each area.")
    earlier = SourcedValuePart(many=True)
    by_strand = StrandCount(many=True)
    by_strand_note = serializers.CharField(help_text="What is hidden; empty if nothing is.")
    version = serializers.IntegerField()

    def represent(self, row: Any) -> dict[str, Any]:
        card: FigureCard = self.context["cards"][row.pk]
        return {
            "id": row.pk,
            "url": api_url(f"figures/{row.pk}/"),
            "page": portal_url(row.get_absolute_url()),
            "strategy": row.strategy.slug,
            "code": row.code,
            "about": row.about,
            "title": row.title,
            "definition": row.definition,
            "kind": row.kind,
            "unit": row.unit,
            "part_of": row.part_of.code if row.part_of else None,
            "in_report": row.in_report,
            "ended": row.ended_at is not None,
            "values": [_value(line) for line in card.values],
            "earlier": [_value(line) for line in card.earlier],
            **by_strand_of(card.by_strand),
            "version": row.version,
        }


def _value(line: ValueLine) -> dict[str, Any]:
    return {
        "id": line.key,
        "said": line.said,
        "value": float(line.value),
        "period": line.when,
        "area": line.place,
        "words": line.words,
        "source": _source(line.source),
        "note": line.note,
        "correction": line.correction,
        "differs": line.differs,
        "others": [_value(other) for other in line.others],
    }


def _source(source: SourceLine | None) -> dict[str, str] | None:
    if source is None:
        return None
    return {
        "title": source.title, "publisher": source.publisher, "published": source.when, "place": source.place,
        "url": source.url, "licence": source.licence, "note": source.note,
    }  # fmt: skip


ENDED: Final = (("no", "Still in use"), ("yes", "Ended"))


class SourcedFigureFilter(Filters):
    """Figures by strategy, by what they are about, and whether they have ended."""

    strategy = django_filters.CharFilter(field_name="strategy__slug", max_length=80, label="The strategy's slug")
    about = django_filters.MultipleChoiceFilter(choices=choices(TOPICS), label="What they are about", distinct=False)
    ended = django_filters.ChoiceFilter(choices=ENDED, method="that_have_ended", label="Whether they have ended")

    class Meta:
        model = SourcedFigure
        fields: list[str] = []

    def that_have_ended(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(ended_at__isnull=value == "no")


class SourcedFigureInput(Input):
    """What a figure is."""

    about = serializers.ChoiceField(choices=choices(TOPICS))
    title = serializers.CharField()
    definition = serializers.CharField(**TEXT)
    kind = serializers.ChoiceField(choices=FIGURE_KINDS, required=False, default="number")
    unit = serializers.CharField(**TEXT)
    part_of = serializers.IntegerField(**NONE, min_value=1, max_value=LARGEST_INTEGER)
    in_report = serializers.BooleanField(required=False, default=False)

    def validate_part_of(self, key: int | None) -> SourcedFigure | None:
        found = SourcedFigure.objects.visible_to(self.context["person"]).filter(pk=key).first() if key else None
        if key and found is None:
            raise serializers.ValidationError(NO_SUCH.format(what="figure", value=str(key)))
        return found


class NewSourcedFigureInput(SourcedFigureInput):
    """What a figure is, and whose."""

    strategy = serializers.CharField(max_length=80, help_text="The strategy's slug.")

    def validate_strategy(self, slug: str) -> Strategy:
        found = Strategy.objects.select_related("owner").filter(slug=slug).first()
        if found is None:
            raise serializers.ValidationError(NO_SUCH.format(what="strategy", value=slug))
        return found


class NewSourceInput(Input):
    """A source that the portal does not have yet."""

    title = serializers.CharField(max_length=LIMITS["title"])
    publisher = serializers.CharField(**TEXT)
    published_on = serializers.DateField(**NONE)
    period = serializers.CharField(**TEXT)
    url = serializers.CharField(**TEXT)
    licence = serializers.CharField(**TEXT)
    note = serializers.CharField(**TEXT)


class SourceSaysInput(Input):
    """What one source says. Give ``source``, the slug of one that is there, or ``new_source``."""

    value = serializers.DecimalField(**NONE, max_digits=16, decimal_places=4)
    numerator = serializers.DecimalField(**NONE, max_digits=16, decimal_places=4)
    denominator = serializers.DecimalField(**NONE, max_digits=16, decimal_places=4)
    qualifier = serializers.ChoiceField(choices=QUALIFIERS, required=False, allow_blank=True, default="")
    starts_on = serializers.DateField(**NONE)
    ends_on = serializers.DateField(**NONE)
    period = serializers.CharField(**TEXT)
    words = serializers.CharField(**TEXT)
    source = serializers.CharField(**TEXT, max_length=80)  # type: ignore[assignment]  # a field called as an attribute of every field
    new_source = NewSourceInput(required=False, allow_null=True, default=None)
    source_place = serializers.CharField(**TEXT)
    note = serializers.CharField(**TEXT)
    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER)

    def validate_source(self, slug: str) -> Any:
        return _named(Source, "slug", slug, "source")


class SourcedValueInput(SourceSaysInput):
    """A value for the whole or for one area, a whole breakdown by strand, or a value for the whole with its breakdown."""

    area = serializers.CharField(**TEXT, max_length=9, help_text="Its GSS code; empty for the whole.")
    by_strand = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER), required=False, default=dict,
        help_text="Whole numbers by the codes of their strands. Send all of them at once: small numbers that are added in steps "
        "would give each other away, so they are not shown.",
    )  # fmt: skip
    beside = serializers.IntegerField(**NONE, min_value=1, max_value=LARGEST_INTEGER)

    def validate_area(self, code: str) -> Any:
        return _named(Area, "gss_code", code, "area")

    def validate_by_strand(self, counts: dict[str, int]) -> dict[Strand, Decimal]:
        strands = {
            strand.code: strand for strand in Strand.objects.filter(code__in=list(counts)[:MAX_STRANDS]).in_order()
        }
        for code in counts:
            if code not in strands:
                raise serializers.ValidationError(NO_SUCH.format(what="strand", value=code))
        return {strand: Decimal(counts[code]) for code, strand in strands.items()}


def _named(model: Any, name: str, value: str, what: str) -> Any:
    found = model.objects.filter(**{name: value}).first() if value else None
    if value and found is None:
        raise serializers.ValidationError(NO_SUCH.format(what=what, value=value))
    return found


class CorrectionInput(SourceSaysInput):
    """A corrected value, for the same area or strand, and what was wrong."""

    id = serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER, help_text="The value that was wrong.")
    reason = serializers.CharField(**TEXT)


class FigureEndInput(Input):
    """Why it has ended."""

    reason = serializers.CharField(**TEXT)
    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER)


class SourcedFigureDoor(ReadDoor):
    """Figures with sources, strategy by strategy."""

    queryset = SourcedFigure.objects.none()
    serializer_class = SourcedFigureAnswer
    filterset_class = SourcedFigureFilter
    changes = changed_in_history("figure")
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        return SourcedFigure.objects.visible_to(self.request.user).in_order()

    def columns(self, queryset: Any) -> Any:
        return queryset.select_related("strategy__owner", "part_of")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args:
            rows = list(args[0]) if kwargs.get("many") else [args[0]]
            cards = {card.figure.pk: card for card in figure_cards(rows, self.request.user)}
            kwargs["context"] = {**self.get_serializer_context(), "cards": cards}
            args = (rows if kwargs.get("many") else args[0], *args[1:])
        return super().get_serializer(*args, **kwargs)

    @extend_schema(request=NewSourcedFigureInput, responses={201: SourcedFigureAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add a figure to a strategy; for whoever answers for it."""
        check_permission_anywhere(request.user, roles.MANAGE_COMMITMENTS, NOT_KEPT)
        asked = self._read(NewSourcedFigureInput).validated_data
        strategy = asked.pop("strategy")
        made = services.add_figure(
            by=signed_in_person(request), at=timezone.now(), strategy=strategy, content=SourcedFigureContent(**asked)
        )
        self.kwargs["pk"] = made.pk
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=SourcedValueInput, responses=SourcedFigureAnswer)
    @action(detail=True, methods=["post"])
    @transaction.atomic  # a refused value takes its new source back with it
    def value(self, request: Request, **kwargs: Any) -> Response:
        """Add what a source says."""
        row = self._row()
        sent = self._read(SourcedValueInput).validated_data
        by, at, version = signed_in_person(request), timezone.now(), sent.pop("version")
        key = sent.pop("beside")
        beside = get_object_or_404(row.values.current(), pk=key) if key else None
        counts = sent.pop("by_strand")
        contents = with_counts_by_strand(self._content(by, at, sent), counts)
        values.add_sourced_values(by=by, at=at, figure=row, contents=contents, beside=beside, version=version)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=CorrectionInput, responses=SourcedFigureAnswer)
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def correct(self, request: Request, **kwargs: Any) -> Response:
        """Put a corrected value in the place of one that was wrong; the old one stays on record."""
        row = self._row()
        sent = self._read(CorrectionInput).validated_data
        by, at, version, reason = signed_in_person(request), timezone.now(), sent.pop("version"), sent.pop("reason")
        rows = row.values.current().select_related("figure", "area", "strand")
        wrong = get_object_or_404(rows, pk=sent.pop("id"))
        content = self._content(by, at, {**sent, "area": wrong.area, "strand": wrong.strand})
        values.correct_sourced_value(by=by, at=at, value=wrong, content=content, reason=reason, version=version)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=FigureEndInput, responses=SourcedFigureAnswer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **kwargs: Any) -> Response:
        """End it."""
        row = self._row()
        sent = self._read(FigureEndInput).validated_data
        services.end_figure(by=signed_in_person(request), at=timezone.now(), figure=row, **sent)
        return Response(self.get_serializer(self.get_object()).data)

    def _content(self, by: Any, at: Any, sent: dict[str, Any]) -> SourcedValueContent:
        new = sent.pop("new_source")
        if new:
            sent["source"] = add_source(by=by, at=at, content=SourceContent(**new))
        return SourcedValueContent(**sent)

    def _row(self) -> SourcedFigure:
        """Return it for someone who keeps it: refuse others before what was sent is checked, as the page does."""
        rows = SourcedFigure.objects.visible_to(self.request.user).select_related("strategy__owner", "part_of")
        row: SourcedFigure = get_object_or_404(rows, pk=self.kwargs["pk"])
        check_can_keep_figures(self.request.user, row.strategy)
        return row

    def _read(self, shape: type[Input]) -> Any:
        read = shape(data=self.request.data, context={"person": self.request.user})
        read.is_valid(raise_exception=True)
        return read
