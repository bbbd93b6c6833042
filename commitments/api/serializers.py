"""The API's serializers for strategies, priorities and commitments, and for changing a status.

Rows are plain dictionaries of ``values()``, fetched in a fixed number of queries.
"""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from commitments.api.plan_serializers import PlanAnswer, say_plan
from commitments.models.delivery import DELIVERY_ROLES
from commitments.rules import stances, status
from commitments.rules.references import label
from partners.models import Organisation
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_shapes import Answer, Input, Named, Word
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import choices

DELIVERY_ROLE = dict(DELIVERY_ROLES)
PRIORITY_TEXTS = (
    "introduction", "introduction_source", "summary", "other_wording", "other_wording_source", "beneficiaries_source",
    "methods", "methods_source",
)  # fmt: skip


class StatusWord(serializers.Serializer[Any]):
    """A commitment's status, and the shape drawn next to its word."""

    code = serializers.ChoiceField(choices=choices(status.STATUSES))
    label = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    shape = serializers.CharField()


class StanceWord(serializers.Serializer[Any]):
    """What an addressee answers, and the shape drawn next to its word."""

    code = serializers.ChoiceField(choices=choices(stances.OWNER_RESPONSES))
    label = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    shape = serializers.CharField()


def say_stance(code: str) -> dict[str, str] | None:
    """Return a stance as the API gives it; None for "", which is no response and none awaited."""
    stance = stances.of(code)
    return {"code": stance.code, "label": stance.label, "shape": stance.shape} if code else None


class StateWord(Word):
    """The state of something."""


def say_status(code: str) -> dict[str, str] | None:
    """Return a status as the API gives it: None until the first update, because having no update is not a status."""
    word = status.BY_CODE.get(code)
    return {"code": word.code, "label": word.label, "shape": word.shape} if word else None


def say_view(row: dict[str, Any]) -> dict[str, Any]:
    """Return a sector's view as the API gives it."""
    said = {name: row[name] for name in ("round", "reason", "differs", "said_at")}
    replied = bool(row["reply"]) and row["reply_withdrawn_at"] is None
    said["reply"] = row["reply"] if replied else ""
    said["replied_at"] = row["replied_at"] if replied else None
    said["reply_is_older"] = replied and row["reply_view_version"] < row["version"]
    return {"organisation": {"slug": row["slug"], "name": row["name"]}, "status": say_status(row["status"]), **said}


def _named(organisation: Organisation | None) -> dict[str, str] | None:
    return {"slug": organisation.slug, "name": organisation.name} if organisation else None


class StrategyAnswer(Answer):
    """A council's strategy and its term."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    slug = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(
        help_text="The language of its words, as BCP 47 writes it; empty for the portal’s."
    )
    kind = Word(help_text="What it is, such as a plan, and so what its priorities and commitments are called.")
    vision = serializers.CharField()
    source = serializers.CharField(help_text="Where the wording comes from.")  # type: ignore[assignment]  # a field called as an attribute of every field
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    owner = Named()
    made_by = serializers.CharField(help_text="Who wrote it, where that was not its owner; otherwise empty.")
    reviewed_on = serializers.DateField(allow_null=True, help_text="The day on which it was last reviewed.")
    supported_by = Named(
        allow_null=True,
        help_text="The organisation that supports the owner, whose people also answer for the strategy.",
    )
    steered_by = Named(allow_null=True, help_text="The group that steers it; null if none does.")
    reports_to = serializers.CharField()
    succeeds = serializers.CharField(
        allow_null=True, help_text="The slug of the earlier strategy that this one follows; null if it follows none."
    )
    succeeded_by = serializers.ListField(
        child=serializers.CharField(), help_text="The slugs of the strategies that follow this one, earliest first."
    )
    priorities = serializers.URLField()
    commitments = serializers.URLField()
    rounds = serializers.URLField()
    updates = serializers.URLField()
    indicators = serializers.URLField()
    responses = serializers.URLField()

    def represent(self, row: Any) -> dict[str, Any]:
        url = api_url(f"strategies/{row.slug}/")
        return {
            "url": url,
            "page": portal_url(row.get_absolute_url()),
            "slug": row.slug,
            "title": row.title,
            "language": row.language,
            "kind": {"code": row.kind, "label": row.kind_of.label},
            "vision": row.vision,
            "source": row.source,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "owner": _named(row.owner),
            "made_by": row.made_by,
            "reviewed_on": row.reviewed_on.isoformat() if row.reviewed_on else None,
            **{name: _named(getattr(row, name)) for name in ("supported_by", "steered_by")},
            "reports_to": row.reports_to,
            "succeeds": row.succeeds.slug if row.succeeds else None,
            "succeeded_by": [later.slug for later in row.followers()],
            **{
                name: f"{url}{name}/"
                for name in ("priorities", "commitments", "rounds", "updates", "indicators", "responses")
            },
        }


class PriorityAnswer(Answer):
    """One of a strategy's priorities; none weighs more than another."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    strategy = serializers.CharField()
    number = serializers.IntegerField(help_text="Its place in the strategy.")
    reference = serializers.CharField(help_text="What the strategy calls it: its number, or for example A or Theme 1.")
    title = serializers.CharField()
    introduction = serializers.CharField(help_text="The strategy's own words.")
    introduction_source = serializers.CharField(help_text="Where they come from.")
    summary = serializers.CharField(help_text="A summary by the portal's team: not the strategy's words.")
    other_wording = serializers.CharField(help_text="How the source words its title elsewhere, where that differs.")
    other_wording_source = serializers.CharField(help_text="Where the other wording is found.")
    beneficiaries = serializers.ListField(
        child=serializers.CharField(), help_text="Who it is for, in the strategy's own words."
    )
    beneficiaries_source = serializers.CharField(help_text="Where the beneficiaries come from.")
    methods = serializers.CharField(help_text="How people were consulted about it, in the strategy's own words.")
    methods_source = serializers.CharField(help_text="Where that comes from.")
    group = Named(allow_null=True, help_text="The group that works at it, in a work plan; null where none is named.")
    commitments = serializers.ListField(child=serializers.CharField(), help_text="References, in the strategy's order.")
    commitment_keys = serializers.ListField(child=serializers.CharField(), help_text="Their keys, in the same order.")

    def represent(self, row: Any) -> dict[str, Any]:
        slug = row["strategy__slug"]
        return {
            "url": api_url(f"strategies/{slug}/priorities/{row['number']}/"),
            "page": portal_url(reverse("commitments:priority", args=[slug, row["number"]])),
            "strategy": slug,
            "number": row["number"],
            "reference": label(row["reference"], row["number"]),
            "title": row["title"],
            **{name: row[name] for name in PRIORITY_TEXTS},
            "beneficiaries": row["beneficiaries"].splitlines(),
            "group": {"slug": row["group__organisation__slug"], "name": row["group__organisation__name"]}
            if row["group__organisation__slug"]
            else None,
            "commitments": row["references"],
            "commitment_keys": row["keys"],
        }


class PriorityPart(serializers.Serializer[Any]):
    """The priority that a commitment belongs to."""

    number = serializers.IntegerField()
    reference = serializers.CharField(help_text="What the strategy calls it: its number, or for example A or Theme 1.")
    title = serializers.CharField()


class PartnerPart(Named):
    """An organisation's part in delivering a commitment today."""

    role = Word()
    started_on = serializers.DateField(allow_null=True, help_text="First day; null if not known.")


class ActionPart(serializers.Serializer[Any]):
    """A step towards a commitment; its own address says more."""

    id = serializers.IntegerField()
    reference = serializers.CharField(help_text="Its own reference, such as 5b i. Empty if it has none.")
    title = serializers.CharField()
    due_on = serializers.DateField(allow_null=True, help_text="Null if it has no due date.")
    done_on = serializers.DateField(allow_null=True)
    dropped_on = serializers.DateField(allow_null=True)


class ViewPart(serializers.Serializer[Any]):
    """A partner view: how an organisation that helps to deliver a commitment sees it in a round."""

    organisation = Named()
    round = serializers.CharField()
    status = StatusWord()
    reason = serializers.CharField()
    differs = serializers.BooleanField(help_text="Whether it sees the commitment differently from the council.")
    said_at = serializers.DateTimeField()
    reply = serializers.CharField(help_text="What the council replied; empty if it has not.")
    replied_at = serializers.DateTimeField(allow_null=True)
    reply_is_older = serializers.BooleanField(
        help_text="The organisation has changed its view since the council replied."
    )


class CommitmentAnswer(PlanAnswer):
    """One commitment in the strategy's wording, with its status now."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    strategy = serializers.CharField()
    key = serializers.CharField(help_text="It does not change when the strategy is renumbered.")
    reference = serializers.CharField(help_text="What the strategy calls it now, for example 1.4 or CW1.2b.")
    priority = PriorityPart()
    wording = serializers.CharField()
    note = serializers.CharField(help_text="The strategy's own note to the wording, such as an asterisk's.")
    note_source = serializers.CharField(help_text="Where the note comes from.")
    other_wording = serializers.CharField(help_text="How the source words it elsewhere, where that differs.")
    other_wording_source = serializers.CharField(help_text="Where the other wording is found.")
    owner_response = StanceWord(
        allow_null=True,
        help_text="The published response of the strategy’s owner, or that it is awaited; null if it is addressed to nobody.",
    )
    short_title = serializers.CharField()
    added_on = serializers.DateField(allow_null=True, help_text="Null if it was in the strategy from the start.")
    closed_on = serializers.DateField(allow_null=True, help_text="The day it was closed.")
    merged_into = serializers.CharField(
        allow_null=True, help_text="If it was merged, the key of the commitment it was merged into."
    )
    ongoing = serializers.BooleanField(help_text="True for an ongoing commitment, which has no end date.")
    status = StatusWord(allow_null=True, help_text="Null until the first update.")
    status_reason = serializers.CharField()
    status_remedy = serializers.CharField(help_text="What will be done about it.")
    status_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Send it back when you change the status.")
    lead_officer = serializers.CharField(allow_null=True)
    supporting_officers = serializers.ListField(child=serializers.CharField())
    partners = PartnerPart(many=True)
    actions = ActionPart(many=True)
    sector_views = ViewPart(many=True, help_text="The newest round first. They are never averaged with the status.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: dict[str, str] = {}

    def represent(self, row: Any) -> dict[str, Any]:
        slug, key = row["strategy__slug"], row["key"]
        return {
            "url": f"{self.context['api_root']}strategies/{slug}/commitments/{key}/",
            "page": self._page(slug, key),
            "strategy": slug,
            "key": key,
            "reference": row["reference"],
            "priority": {
                "number": row["priority__number"],
                "reference": label(row["priority__reference"], row["priority__number"]),
                "title": row["priority__title"],
            },
            **{
                name: row[name]
                for name in ("wording", "note", "note_source", "other_wording", "other_wording_source", "short_title")
            },
            "owner_response": say_stance(row["owner_response"]),
            **{name: row[name].isoformat() if row[name] else None for name in ("added_on", "closed_on")},
            "merged_into": row["merged_into__key"],
            **say_plan(row),
            "ongoing": row["ongoing"],
            "status": say_status(row["status"]),
            "status_reason": row["status_reason"],
            "status_remedy": row["status_remedy"],
            "status_at": row["status_at"].isoformat() if row["status_at"] else None,
            "version": row["version"],
            "lead_officer": row["lead_shown"],
            "supporting_officers": row["supporting"],
            "partners": [
                {**part, "role": {"code": part["role"], "label": DELIVERY_ROLE[part["role"]]}} for part in row["parts"]
            ],
            "actions": row["steps"],
            "sector_views": [say_view(view) for view in row["views"]],
        }

    def _page(self, slug: str, key: str) -> str:
        # Asked once a strategy: finding an address anew for every row took a fifth of the list's time.
        if slug not in self._pages:
            address = reverse("commitments:commitment", args=[slug, "0"])
            self._pages[slug] = portal_url(address.removesuffix("0/"))
        return f"{self._pages[slug]}{key}/"


class StatusInput(Input):
    """A change of status."""

    status = serializers.ChoiceField(choices=choices(status.STATUSES))
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Why. Everyone who reads the strategy will see it."
    )
    remedy = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="What will be done about it, if at risk or delayed."
    )
    merged_into = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=60,
        help_text="If it is closed by merging: the key of the commitment it is merged into.",
    )  # fmt: skip
    version = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_INTEGER,
        help_text="The version you read, so that nobody's changes are overwritten.",
    )
