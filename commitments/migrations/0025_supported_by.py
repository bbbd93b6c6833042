from datetime import timedelta
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def owners(apps: Any, schema_editor: Any) -> None:
    """Note who owns strategies. Leads of an owner that is not a public body get the time to set up a second step."""
    own = apps.get_model("commitments", "Strategy").objects.values("owner")
    organisations = apps.get_model("partners", "Organisation").objects.filter(pk__in=own)
    organisations.update(owns_strategies=True)
    grants = apps.get_model("partners", "RoleGrant").objects.filter(
        role="partner_lead", ended_at__isnull=True, organisation__in=organisations.exclude(kind="public_body")
    )
    has_one = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "webauthn"]).values("user")
    leads = apps.get_model("partners", "User").objects.filter(pk__in=grants.values("person"), is_active=True)
    until = timezone.now() + timedelta(days=settings.SECOND_STEP_DAYS)
    leads.exclude(pk__in=has_one).update(second_step_until=until)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0024_kinds_of_strategy"),
        ("partners", "0019_strategy_ties"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="supported_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supports",
                to="partners.organisation",
            ),
        ),
        migrations.RunPython(owners, migrations.RunPython.noop),
    ]
