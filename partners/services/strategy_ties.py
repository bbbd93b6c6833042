"""What an organisation has to do with strategies, kept on it for permissions: this floor does not know strategies."""

from datetime import datetime

from django.db import transaction

from partners import roles
from partners.models import Organisation, RoleGrant, User
from partners.services.history import write_history
from partners.services.second_steps import open_set_up
from partners.standings import TAKES_PART


@transaction.atomic
def set_strategy_ties(*, by: User | None, at: datetime, organisation: Organisation, owns: bool, supports: bool) -> None:
    """Note whether an organisation owns strategies, and whether it supports the owner of one that is not a public body.

    Part of loading a strategy, which has asked whether ``by`` may. Its leads may gain what needs a second step when they
    sign in; they get the time to set one up.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    answered = organisation.leads_answer_for_strategies
    if (organisation.owns_strategies, organisation.supports_strategies) == (owns, supports):
        return
    organisation.owns_strategies, organisation.supports_strategies = owns, supports
    if organisation.is_listed and (owns or supports):
        organisation.standing = TAKES_PART  # whoever answers for a strategy takes part
    organisation.save(update_fields=["owns_strategies", "supports_strategies", "standing"])
    words = [
        word for word, is_so in (("owns a strategy", owns), ("supports the owner of a strategy", supports)) if is_so
    ]
    detail = " and ".join(words) or "neither owns nor supports a strategy"
    write_history(at, by, "strategies", organisation=organisation, detail=detail)
    if organisation.leads_answer_for_strategies and not answered:
        leads = [
            role.code
            for role in roles.ROLES
            if role.may_for_own_strategies and roles.SECOND_STEP_FOR.isdisjoint(role.may)
        ]  # an officer needed a second step before, so gets no second time to set one up
        held = RoleGrant.objects.current().filter(organisation=organisation, role__in=leads, person__is_active=True)
        for person in User.objects.filter(pk__in=held.values("person")).order_by("id"):
            if not person.has_second_step():
                open_set_up(person=person, at=at)
