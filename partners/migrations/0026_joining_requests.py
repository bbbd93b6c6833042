"""Requests to take part."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from vcsportal.common.append_only import never_deleted


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0025_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="JoiningRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form_token",
                    models.UUIDField(
                        unique=True, verbose_name="the form it came from, so that a double click makes one"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150)),
                ("post", models.CharField(blank=True, max_length=150, verbose_name="what they do in the organisation")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("words", models.TextField(blank=True, max_length=1000)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting for an answer"), ("agreed", "Agreed"), ("declined", "Declined")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invitation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joining_request",
                        to="partners.invitation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joining_requests",
                        to="partners.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joining_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="joining_request_settled_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invitation__isnull", False), ("state", "agreed")),
                            models.Q(models.Q(("state", "agreed"), _negated=True), ("invitation__isnull", True)),
                            _connector="OR",
                        ),
                        name="agreed_joining_request_has_an_invitation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("organisation", "email"),
                        name="one_waiting_joining_request",
                    ),
                ],
            },
        ),
        never_deleted("partners_joiningrequest"),
    ]
