"""Who may request, cancel, publish, withdraw and write a report. Each rule is a pair: ``check_…`` says why not,
``can_…`` yes or no."""

from datetime import datetime
from typing import Final, cast

from django.db.models import QuerySet
from django.utils import timezone

from commitments.models import Strategy
from partners import roles
from partners.models import User
from partners.people_with_permission import people_who_may
from partners.permissions import Person, check_permission_anywhere, check_permission_here, has_permission_here
from reporting.models import Edition, Proposal
from vcsportal.common.dates import in_words
from vcsportal.common.words import AlreadyDone, NotAllowed, NotNow, allowed

ASK: Final = (
    "Only council officers, administrators and steering-group members can request a report. "
    "Everyone can read those that are published."
)


def check_can_request(person: Person, strategy: Strategy) -> None:
    """Officers of the strategy's council, administrators and members of the group that steers it ask for reports."""
    check_permission_here(person, roles.REQUEST_REPORT, strategy, ASK)


def check_may_request(person: Person) -> None:
    """People who may request reports of at least one strategy; :func:`check_can_request` decides about a given one."""
    check_permission_anywhere(person, roles.REQUEST_REPORT, ASK)


def sees_drafts(person: Person, strategy: Strategy) -> bool:
    """Whether the person sees this strategy's reports before they are published."""
    return has_permission_here(person, roles.SEE_UNPUBLISHED_REPORTS, strategy)


def publishes(person: Person, strategy: Strategy) -> bool:
    """Whether the person is one of those who publish this strategy's reports."""
    return has_permission_here(person, roles.PUBLISH_REPORT, strategy)


def check_can_see_proposals(person: Person, strategy: Strategy) -> None:
    """Those who publish the strategy's reports see what was proposed."""
    check_permission_here(
        person, roles.PUBLISH_REPORT, strategy, "Only a council officer or an administrator can see proposals."
    )


def check_can_retry(person: Person, edition: Edition) -> None:
    """Whoever may request a report may have one tried again that could not be made."""
    check_can_request(person, edition.round.strategy)
    if edition.state == "ready":
        raise NotNow("This edition has already been made. You can request another one.")
    if edition.state == "cancelled":
        raise NotNow("This edition was cancelled. You can request another one.")


def check_can_publish(person: Person, edition: Edition) -> None:
    """Officers and administrators propose to publish an edition that is ready. A second person confirms it."""
    check_permission_here(
        person,
        roles.PUBLISH_REPORT,
        edition.round.strategy,
        "Only a council officer or an administrator can publish a report.",
    )
    if edition.is_sealed:
        raise AlreadyDone(
            "This edition is already published.",
            thing=edition,
            what="edition",
            past="published",
            at=edition.published_at,
            by=edition.published_by,
        )
    if edition.state != "ready":
        raise NotNow("This edition is not ready, so it can't be published yet.")


def check_can_decide(person: Person, proposal: Proposal) -> None:
    """An officer or administrator, other than the one who made the proposal, confirms or declines it."""
    check_permission_here(
        person,
        roles.PUBLISH_REPORT,
        proposal.edition.round.strategy,
        "Only a council officer or an administrator can confirm that a report is published or withdrawn.",
    )
    if proposal.outcome:
        raise _decided(proposal)
    if isinstance(person, User) and person.pk == proposal.proposed_by_id:
        raise NotAllowed("You made this proposal, so another person has to confirm or decline it. You can cancel it.")


def check_can_cancel_proposal(person: Person, proposal: Proposal) -> None:
    """Whoever made a proposal cancels it while it waits."""
    if not (isinstance(person, User) and person.pk == proposal.proposed_by_id):
        raise NotAllowed("Only the person who made this proposal can cancel it.")
    if proposal.outcome:
        raise _decided(proposal)


def _decided(proposal: Proposal) -> AlreadyDone:
    """Return the refusal of a decision on what somebody has decided."""
    day, who = in_words(timezone.localdate(cast(datetime, proposal.decided_at))), cast(User, proposal.decided_by)
    return AlreadyDone(
        f"{who.name} {proposal.outcome} this proposal on {day}, so there is nothing left to decide.",
        thing=proposal,
        what="proposal",
        past=proposal.outcome,
        at=proposal.decided_at,
        by=who,
    )


def who_can_publish(strategy: Strategy) -> QuerySet[User]:
    """Return the people who may propose or confirm that a report of the strategy is published, by name."""
    return people_who_may(roles.PUBLISH_REPORT, strategy)


def check_can_see_published_files(person: Person) -> None:
    """Officers and administrators see whether published files are as they were published; officers their council's."""
    check_permission_anywhere(
        person, roles.PUBLISH_REPORT, "Only council officers and administrators can see the state of published files."
    )


def check_can_cancel(person: Person, edition: Edition) -> None:
    """Whoever may request a report may stop one that is not made yet."""
    check_can_request(person, edition.round.strategy)
    if edition.state not in {"queued", "running"}:
        raise NotNow("This edition is no longer being made, so there is nothing to cancel.")


def check_can_discard(person: Person, edition: Edition) -> None:
    """Officers and administrators remove a draft edition; a published one is never removed."""
    check_permission_here(
        person,
        roles.PUBLISH_REPORT,
        edition.round.strategy,
        "Only a council officer or an administrator can remove a draft.",
    )
    if edition.is_sealed:
        raise NotNow("This edition is published. It can be withdrawn with a reason, but it stays listed.")
    if edition.state in {"queued", "running"}:
        raise NotNow("This edition is being made. Cancel it first.")
    if edition.proposals.waiting().exists():
        raise NotNow("Someone has proposed to publish this edition. Decline or cancel the proposal first.")


def check_can_withdraw(person: Person, edition: Edition) -> None:
    """Officers and administrators propose to withdraw a published edition. A second person confirms it."""
    check_permission_here(
        person,
        roles.PUBLISH_REPORT,
        edition.round.strategy,
        "Only a council officer or an administrator can withdraw a report.",
    )
    if not edition.is_sealed:
        raise NotNow("This edition is not published, so there is nothing to withdraw.")
    if withdrawal := getattr(edition, "withdrawal", None):
        raise AlreadyDone(
            "This edition has been withdrawn already.",
            thing=edition,
            what="edition",
            past="withdrawn",
            at=withdrawal.at,
            by=withdrawal.by,
        )


def check_can_download(person: Person, edition: Edition) -> None:
    """The files of a withdrawn edition are only for people who see reports before they are published."""
    if (withdrawal := getattr(edition, "withdrawal", None)) and not sees_drafts(person, edition.round.strategy):
        raise NotAllowed(
            f"This report was withdrawn on {in_words(timezone.localdate(withdrawal.at))}, so it is no longer available. "
            f"The reason given is: {withdrawal.reason}"
        )


def check_can_write(person: Person, strategy: Strategy) -> None:
    """Officers of the strategy's council and administrators write the report's own texts."""
    check_permission_here(
        person,
        roles.WRITE_REPORT,
        strategy,
        "Only council officers and administrators can write the report’s foreword and texts.",
    )


def check_can_comment(person: Person, strategy: Strategy) -> None:
    """Members of the group that steers the strategy, officers and administrators comment on a draft."""
    check_permission_here(
        person,
        roles.COMMENT_ON_REPORT,
        strategy,
        "Only steering-group members, council officers and administrators can comment on a draft report.",
    )


can_request = allowed(check_can_request)
may_request = allowed(check_may_request)
can_retry = allowed(check_can_retry)
can_publish = allowed(check_can_publish)
can_decide = allowed(check_can_decide)
can_cancel_proposal = allowed(check_can_cancel_proposal)
can_cancel = allowed(check_can_cancel)
can_discard = allowed(check_can_discard)
can_withdraw = allowed(check_can_withdraw)
can_download = allowed(check_can_download)
can_write = allowed(check_can_write)
can_comment = allowed(check_can_comment)
