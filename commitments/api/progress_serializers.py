"""The API's serializers for reporting rounds and the updates in them."""

from typing import Any, Final

from rest_framework import serializers

from commitments.api.serializers import StateWord, StatusWord, say_status
from commitments.models import Round
from commitments.permissions.progress import can_see_rounds
from commitments.rules import workflow
from vcsportal.common.api_addresses import api_url
from vcsportal.common.api_shapes import Answer

PHASES: Final = tuple(state.code for state in workflow.ROUND_STATES if state.code != "deleted")


class RoundAnswer(Answer):
    """One reporting round: the period observed, and the window for submissions."""

    url = serializers.URLField()
    strategy = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField(allow_blank=True, help_text="What people call it; empty if that is its slug.")
    observes_from = serializers.DateField()
    observes_to = serializers.DateField()
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    grace_until = serializers.DateField(
        allow_null=True,
        help_text="The last day on which late updates are accepted. Only for those who see the progress of rounds; null for others.",
    )
    phase = serializers.ChoiceField(choices=PHASES, help_text="The state of the round.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._progress_seen: dict[int, bool] = {}

    def represent(self, row: Round) -> dict[str, Any]:
        slug = row.strategy.slug
        if row.strategy_id not in self._progress_seen:
            self._progress_seen[row.strategy_id] = can_see_rounds(self.context["request"].user, row.strategy)
        return {
            "url": api_url(f"strategies/{slug}/rounds/{row.slug}/"),
            "strategy": slug,
            "slug": row.slug,
            "title": row.title,
            **{
                name: getattr(row, name).isoformat()
                for name in ("observes_from", "observes_to", "opens_on", "closes_on")
            },
            "grace_until": row.grace_until.isoformat() if self._progress_seen[row.strategy_id] else None,
            "phase": row.state,
        }


class UpdateAnswer(Answer):
    """The update of one commitment in one round."""

    url = serializers.URLField()
    strategy = serializers.CharField()
    commitment = serializers.CharField(help_text="Its reference now.")
    commitment_key = serializers.CharField(help_text="Its key, which never changes.")
    round = serializers.CharField()
    state = StateWord()
    status = StatusWord(allow_null=True)
    reason = serializers.CharField()
    remedy = serializers.CharField()
    narrative = serializers.CharField(help_text="In a small part of Markdown.")
    next_steps = serializers.CharField(help_text="In a small part of Markdown.")
    cites = serializers.ListField(
        child=serializers.IntegerField(), help_text="The evidence that supports it and that you may see, by id."
    )
    confirms = serializers.CharField(allow_null=True, help_text="The round whose words were confirmed as still true.")
    version = serializers.IntegerField(help_text="Counts its saves; name the one that you read when you decide on it.")
    saved_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)

    def represent(self, row: Any) -> dict[str, Any]:
        slug, key, round_ = row["commitment__strategy__slug"], row["commitment__key"], row["round__slug"]
        state = workflow.UPDATE_STATE[row["state"]]
        return {
            "url": f"{self.context['api_root']}strategies/{slug}/commitments/{key}/updates/{round_}/",
            "strategy": slug,
            "commitment": row["commitment__reference"],
            "commitment_key": key,
            "round": round_,
            "state": {"code": state.code, "label": state.label},
            "status": say_status(row["status"]),
            **{name: row[name] for name in ("reason", "remedy", "narrative", "next_steps")},
            "cites": row["cited"],
            "confirms": row["confirms__slug"],
            "version": row["version"],
            "saved_at": row["saved_at"].isoformat() if row["saved_at"] else None,
            "published_at": row["published_at"].isoformat() if row["published_at"] else None,
        }
