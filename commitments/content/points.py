"""The plain values of points that views, the API and loaders pass to services."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from commitments.models import Commitment, Engagement, Strategy
from commitments.rules.point_limits import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS
from partners.models import Area, Organisation, PartnershipGroup
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid


def checked_text(text: str, *, field: str, most: int = MAX_WORDS_CHARACTERS) -> str:
    """Return a tidy text; raise :class:`Invalid` for one that is too long or can't be saved."""
    text = check_text(text, field=field)
    if len(text) > most:
        raise Invalid(f"Use {most:,} characters or fewer. You have used {len(text):,}.", field=field)
    return text


def checked_line(text: str, *, field: str, most: int = MAX_LINE_CHARACTERS) -> str:
    """The same for a text of one line."""
    return " ".join(checked_text(text, field=field, most=most).split())


@dataclass(frozen=True, slots=True)
class RecordedPoint:
    """A point that one of the portal's people records: what was said or decided and where, who said it, and who acts on it.

    ``kind`` is a code of :data:`commitments.rules.engagement_kinds.POINT_KINDS`. ``commitment`` brings its strategy, and
    ``engagement`` its group and, where no other is given, its strategy. ``action`` is what will be done about a decision, in
    a few words; "" takes the decision's own. ``about_page`` is the address of what it is about, within the portal.
    """

    kind: str
    words: str
    raised_on: date
    engagement: Engagement | None = None
    group: PartnershipGroup | None = None
    strategy: Strategy | None = None
    commitment: Commitment | None = None
    raised_by: Organisation | None = None
    raised_by_words: str = ""
    about_words: str = ""
    district: Area | None = None
    owner_words: str = ""
    due_on: date | None = None
    action: str = ""
    source: str = ""
    about_page: str = ""

    def tidy(self) -> "RecordedPoint":
        """Return the same with tidy texts, and with the strategy and group that follow from the rest.

        Raise :class:`Invalid` for a text that is too long or can't be saved, and a commitment of another strategy, or
        one that the engagement can't be about.
        """
        strategy, group = self.strategy, self.group
        if self.commitment is not None:
            if strategy is not None and strategy.pk != self.commitment.strategy_id:
                raise Invalid(
                    f"{self.commitment.reference} belongs to another {strategy.nouns.strategy}.", field="commitment"
                )
            strategy = self.commitment.strategy
            if self.engagement is not None and not may_be_about(self.engagement, strategy):
                raise Invalid(f"{self.commitment.reference} is not something that this was about.", field="commitment")
        if self.engagement is not None:
            strategy, group = strategy or self.engagement.strategy, group or self.engagement.group
        texts: dict[str, Any] = {
            name: checked_line(getattr(self, name), field=name)
            for name in ("raised_by_words", "about_words", "owner_words", "action")
        }
        texts |= {name: checked_text(getattr(self, name), field=name) for name in ("words", "source")}
        return replace(self, strategy=strategy, group=group, about_page=self.about_page[:500], **texts)


def may_be_about(engagement: Engagement, strategy: Strategy) -> bool:
    """Whether what is said at an engagement can be about a commitment of a strategy: its own, or one that its group steers."""
    if engagement.strategy_id is not None:
        return engagement.strategy_id == strategy.pk
    return engagement.group is not None and engagement.group.organisation_id == strategy.steered_by_id


@dataclass(frozen=True, slots=True)
class SentPoint:
    """What somebody without an account sends from the public form. ``name``, ``group_name`` and ``email`` are how to reach
    them, and are kept apart from the words.
    """

    kind: str
    words: str
    about_page: str = ""
    about_words: str = ""
    strategy: Strategy | None = None
    commitment: Commitment | None = None
    district: Area | None = None
    name: str = ""
    group_name: str = ""
    email: str = ""
    about_organisation: Organisation | None = None

    def tidy(self) -> "SentPoint":
        """Return the same with tidy texts; raise :class:`Invalid` for one that is too long or can't be saved."""
        return replace(
            self,
            words=checked_text(self.words, field="words"),
            about_page=self.about_page[:500],
            about_words=checked_line(self.about_words, field="about_words"),
            name=checked_line(self.name, field="name", most=150),
            group_name=checked_line(self.group_name, field="group_name"),
            email=checked_line(self.email, field="email", most=254),
        )


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """The answer to a point: a code of :mod:`commitments.rules.stances`, the words with the reason, and what it led to."""

    stance: str
    response: str
    decided_at: Engagement | None = None
    became_commitment: Commitment | None = None
