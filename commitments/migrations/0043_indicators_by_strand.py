"""An indicator may be counted by strand, and its figures be broken down by strand. No figure of before has a breakdown."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("commitments", "0042_signatures_and_pledges")]

    operations = [
        migrations.AddField("indicator", "by_strand", models.BooleanField(default=False)),
        migrations.AddField(
            "indicatorvalue", "by_strand", models.JSONField(blank=True, default=dict, verbose_name="counts by strand")
        ),
        migrations.AddField("indicatorvalue", "earlier_strands", models.JSONField(blank=True, default=list)),
        migrations.AddConstraint(
            "indicator",
            models.CheckConstraint(
                condition=Q(by_strand=False) | Q(by_district=False, kind="number", counts=""),
                name="strands_of_a_number_and_never_with_districts",
            ),
        ),
        migrations.AddConstraint(
            "indicatorvalue",
            models.CheckConstraint(
                condition=Q(by_strand={}) | Q(area__isnull=True, value__isnull=False, numerator__isnull=True),
                name="strands_of_a_whole_count",
            ),
        ),
    ]
