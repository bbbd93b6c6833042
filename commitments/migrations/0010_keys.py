"""Commitments get keys that outlive renumbering, notes, and the days on which they joined and were closed."""

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0009_view_replies"),
        ("partners", "0004_deputy_ended_by_somebody"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerReference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20)),
                ("held_from", models.DateField(null=True)),
                ("held_until", models.DateField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="commitment",
            name="reference_once_in_a_strategy",
        ),
        migrations.RemoveConstraint(
            model_name="commitment",
            name="commitment_number_once",
        ),
        migrations.RemoveConstraint(
            model_name="commitment",
            name="status_with_when_and_who",
        ),
        migrations.AddField(
            model_name="commitment",
            name="added_on",
            field=models.DateField(blank=True, null=True, verbose_name="joined the strategy on"),
        ),
        migrations.AddField(
            model_name="commitment",
            name="closed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="commitment",
            name="key",
            field=models.SlugField(default="", max_length=60, verbose_name="what its address is made of"),
        ),
        migrations.AddField(
            model_name="commitment",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carries_on",
                to="commitments.commitment",
            ),
        ),
        migrations.AddField(
            model_name="frozenstanding",
            name="closed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="frozenstanding",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="commitments.commitment",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="note",
            field=models.TextField(blank=True, verbose_name="the strategy's own note to the wording"),
        ),
        migrations.AddField(
            model_name="commitment",
            name="note_source",
            field=models.TextField(blank=True, verbose_name="where the note comes from"),
        ),
        migrations.AddField(
            model_name="priority",
            name="introduction",
            field=models.TextField(blank=True, verbose_name="the strategy's own introduction"),
        ),
        migrations.AddField(
            model_name="priority",
            name="introduction_source",
            field=models.TextField(blank=True, verbose_name="where the introduction comes from"),
        ),
        migrations.AlterField(
            model_name="commitment",
            name="reference",
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name="priority",
            name="summary",
            field=models.TextField(blank=True, verbose_name="what it is about, in the portal team's words"),
        ),
        migrations.AlterField(
            model_name="workingcopy",
            name="form",
            field=models.CharField(max_length=300),
        ),
        migrations.AddField(
            model_name="formerreference",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_references",
                to="commitments.commitment",
            ),
        ),
        migrations.AddIndex(
            model_name="formerreference",
            index=models.Index(fields=["reference"], name="former_reference"),
        ),
    ]
