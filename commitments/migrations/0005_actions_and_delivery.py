"""Actions gain references, parents, owners and moved or missing due days; delivery partners gain a start and an end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from vcsportal.common.append_only import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0004_targets_that_are_not_numbers"),
        ("partners", "0004_deputy_ended_by_somebody"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionDueDateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.DateField(blank=True, null=True)),
                ("now", models.DateField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="deliverypartner",
            name="one_part_per_organisation",
        ),
        migrations.AddField(
            model_name="action",
            name="dropped_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="action",
            name="dropped_why",
            field=models.TextField(blank=True, default="", verbose_name="why it was dropped"),
        ),
        migrations.AddField(
            model_name="action",
            name="owner_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="owner_person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="owner_team",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="action",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="commitments.action",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="reference",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="action",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="deliverypartner",
            name="ended_on",
            field=models.DateField(blank=True, null=True, verbose_name="first day on which it no longer delivers"),
        ),
        migrations.AddField(
            model_name="deliverypartner",
            name="recorded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deliverypartner",
            name="started_on",
            field=models.DateField(blank=True, null=True, verbose_name="first day on which it delivers"),
        ),
        migrations.AddField(
            model_name="historyentry",
            name="action",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="history", to="commitments.action"
            ),
        ),
        migrations.AlterField(
            model_name="action",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="commitments.commitment"
            ),
        ),
        migrations.AlterField(
            model_name="action",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="deliverypartner",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delivery_partners",
                to="commitments.commitment",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("commitment", "parent", "reference"),
                name="action_reference_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="action_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dropped_on__isnull", True), ("dropped_why", "")),
                    models.Q(("dropped_on__isnull", False), models.Q(("dropped_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="action_dropped_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_on__isnull", True), ("dropped_on__isnull", True), _connector="OR"),
                name="action_done_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverypartner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("commitment", "organisation"),
                name="one_open_part_per_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverypartner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("started_on__isnull", True),
                    ("ended_on__isnull", True),
                    ("started_on__lte", models.F("ended_on")),
                    _connector="OR",
                ),
                name="delivery_does_not_end_before_it_starts",
            ),
        ),
        migrations.AddField(
            model_name="actionduedatechange",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="due_date_changes", to="commitments.action"
            ),
        ),
        migrations.AddField(
            model_name="actionduedatechange",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="actionduedatechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="due_date_moved_with_a_reason"
            ),
        ),
        never_deleted("commitments_action"),
        never_deleted("commitments_deliverypartner"),
        append_only("commitments_actionduedatechange"),
    ]
