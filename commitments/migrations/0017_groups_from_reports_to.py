"""Name the group that steers each strategy: the one that its yearly report is for. Steering-group members join it.

Until now the role was held for the whole portal. Each current member keeps it, for every strategy that then has a group.
Where no strategy says who its report is for, nothing can be derived: the roles stay as they are, allow nothing until an
administrator names the group, and the page of people says so.
"""

from django.db import migrations
from django.utils import timezone

from vcsportal.common.names import free_slug, sort_name

GROUP = "partnership_group"


def name_groups(apps, schema_editor):
    Strategy = apps.get_model("commitments", "Strategy")
    Organisation = apps.get_model("partners", "Organisation")
    RoleGrant = apps.get_model("partners", "RoleGrant")
    current = RoleGrant.objects.filter(role="steering_group", ended_at__isnull=True, organisation__isnull=True)
    held = list(current.order_by("id"))
    if not held:
        return
    now = timezone.now()
    groups = []
    for strategy in Strategy.objects.exclude(reports_to="").filter(steered_by__isnull=True).order_by("id"):
        group = Organisation.objects.filter(kind=GROUP, name=strategy.reports_to).order_by("id").first()
        if group is None:
            taken = {"new", *Organisation.objects.values_list("slug", flat=True)}
            group = Organisation.objects.create(
                slug=free_slug(strategy.reports_to, taken, fallback="group"),
                name=strategy.reports_to,
                sort_name=sort_name(strategy.reports_to),
                kind=GROUP,
                joined_at=now,
            )
            apps.get_model("partners", "HistoryEntry").objects.create(at=now, act="registered", organisation=group)
        strategy.steered_by = group
        strategy.save(update_fields=["steered_by"])
        if group not in groups:
            groups.append(group)
    for grant in held if groups else []:
        _move(apps, grant, groups, now)


def _move(apps, grant, groups, now):
    """Let a grant be held within the first group, and give the same within the others. The history says where each came from."""
    HistoryEntry = apps.get_model("partners", "HistoryEntry")
    RoleGrant = apps.get_model("partners", "RoleGrant")
    for group in groups:
        if group == groups[0]:
            grant.organisation = group
            grant.save(update_fields=["organisation"])
        else:
            RoleGrant.objects.create(
                person=grant.person,
                role=grant.role,
                organisation=group,
                granted_at=grant.granted_at,
                granted_by=grant.granted_by,
            )
        detail = "Steering-group member: held for the whole portal until now, and from now on within this group"
        HistoryEntry.objects.create(at=now, act="role moved", person=grant.person, organisation=group, detail=detail)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0016_steered_by"), ("partners", "0013_groups_that_steer")]
    operations = [migrations.RunPython(name_groups, migrations.RunPython.noop)]
