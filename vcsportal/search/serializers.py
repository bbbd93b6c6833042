"""What the API answers to a search."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from vcsportal.common.api_addresses import portal_url
from vcsportal.common.excerpts import ExcerptPart
from vcsportal.search.results import ShownHit

Text: Any = serializers.CharField


class PartAnswer(serializers.Serializer[ExcerptPart]):
    """A part of a text."""

    text = Text(help_text="The words.")
    found = serializers.BooleanField(help_text="Whether they are words that were looked for.")


class HitAnswer(serializers.Serializer[ShownHit]):
    """One thing that was found."""

    title = Text(source="hit.title", help_text="What it is called.")
    page = serializers.SerializerMethodField(help_text="Its page.")
    about = Text(source="hit.about", help_text="Where it belongs, such as its organisation and place; empty where that is not said.")  # fmt: skip
    day = serializers.DateField(source="hit.day", allow_null=True, help_text="The day on which it happened or was published.")  # fmt: skip
    language = Text(source="hit.language", help_text="The language of its words; empty for the portal’s.")
    excerpt = PartAnswer(many=True, help_text="Where its text has the words, in parts.")

    @extend_schema_field(serializers.URLField())
    def get_page(self, shown: ShownHit) -> str:
        return portal_url(shown.hit.url)


class KindAnswer(serializers.Serializer[dict[str, Any]]):
    """The results of one kind."""

    kind = Text(help_text="The kind, as the parameter `kind` takes it.")
    label = Text(help_text="What people call it.")
    count = serializers.IntegerField(help_text="How many were found, 1,000 at most.")
    more = serializers.BooleanField(help_text="Whether there are more than are counted.")
    results = HitAnswer(many=True, help_text="The best of them.")


class SearchAnswer(serializers.Serializer[dict[str, Any]]):
    """What a search found."""

    words = serializers.ListField(child=Text(), help_text="The words that were looked for.")
    kinds = KindAnswer(many=True, help_text="Each kind with at least one result.")
    suggestions = serializers.ListField(child=Text(), help_text="Other searches that find something, where this one finds nothing.")  # fmt: skip
