"""Indexes for lists of very much evidence. They are built beside the running portal, one after the other."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("commitments", "0020_words_of_evidence")]

    operations = [
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(fields=["-happened_from", "-id"], name="evidence_newest"),
        ),
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("publishable", True), ("state", "accepted")),
                fields=["-happened_from", "-id"],
                name="evidence_published",
            ),
        ),
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(fields=["organisation", "-happened_from", "-id"], name="evidence_of_organisation"),
        ),
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("state", "submitted")),
                fields=["submitted_at", "id"],
                name="evidence_awaiting_review",
            ),
        ),
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("publishable", True), ("state", "accepted")),
                fields=["organisation", "accepted_at"],
                name="evidence_when_accepted",
            ),
        ),
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("publishable", True), ("state", "accepted")),
                fields=["accepted_at"],
                name="evidence_accepted_lately",
            ),
        ),
        AddIndexConcurrently(
            model_name="evidence",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="evidence_words"),
        ),
    ]
