"""Give the commitments of an earlier version their keys, made from their short titles, and closed ones their day.

What people were typing into forms is kept under names that hold the reference; they now hold the key.
"""

import re
from collections import defaultdict

from django.db import migrations
from django.utils import timezone
from django.utils.text import slugify


def give_keys(apps, schema_editor):
    Commitment = apps.get_model("commitments", "Commitment")
    taken = defaultdict(set)
    keys = {}
    for one in Commitment.objects.select_related("strategy").order_by(
        "strategy_id", "priority__number", "number", "id"
    ):
        one.key = _key(one.short_title, taken[one.strategy_id])
        taken[one.strategy_id].add(one.key)
        if one.status == "closed":
            one.closed_on = timezone.localdate(one.status_at)
        one.save(update_fields=["key", "closed_on"])
        keys[one.strategy.slug, one.reference] = one.key
    WorkingCopy = apps.get_model("commitments", "WorkingCopy")
    for copy in WorkingCopy.objects.filter(form__regex="^(update|view):").order_by("id"):
        form, slug, reference, rest = copy.form.split(":", 3)
        if key := keys.get((slug, reference)):
            copy.form = f"{form}:{slug}:{key}:{rest}"
            copy.save(update_fields=["form"])


def _key(short_title, taken):
    stem = slugify(short_title)[:55].strip("-")
    if not re.search("[a-z]", stem):
        stem = f"commitment-{stem}".strip("-")
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


class Migration(migrations.Migration):
    dependencies = [("commitments", "0010_keys")]
    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]
