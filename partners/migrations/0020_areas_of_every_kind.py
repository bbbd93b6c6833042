from django.db import migrations, models

KINDS = {
    "E06": "unitary", "E08": "metropolitan_district", "E09": "london_borough", "W06": "welsh_principal_area",
    "S12": "scottish_council_area", "N09": "northern_ireland_district",
}  # fmt: skip
"""What an area that was loaded as a district is, by the first characters of its code: there was no other word for it."""


def say_kinds(apps, schema_editor):
    Area = apps.get_model("partners", "Area")
    for entity, kind in KINDS.items():
        Area.objects.filter(kind="district", gss_code__startswith=entity).update(kind=kind)


def say_district(apps, schema_editor):
    Area = apps.get_model("partners", "Area")
    Area.objects.filter(kind__in=KINDS.values()).update(kind="district")


def keep_successors(apps, schema_editor):
    Area = apps.get_model("partners", "Area")
    for area in Area.objects.filter(replaced_by__isnull=False):
        area.successors.add(area.replaced_by_id)


def keep_one_successor(apps, schema_editor):
    Area = apps.get_model("partners", "Area")
    for area in Area.objects.all():
        area.replaced_by = area.successors.order_by("id").first()
        area.save(update_fields=["replaced_by"])


class Migration(migrations.Migration):
    dependencies = [("partners", "0019_strategy_ties")]

    operations = [
        migrations.AlterField(
            model_name="area",
            name="kind",
            field=models.CharField(
                choices=[
                    ("county", "County"), ("district", "District"), ("unitary", "Unitary authority"),
                    ("metropolitan_district", "Metropolitan district"), ("london_borough", "London borough"),
                    ("combined_authority", "Combined authority"), ("welsh_principal_area", "Welsh principal area"),
                    ("scottish_council_area", "Scottish council area"),
                    ("northern_ireland_district", "Northern Ireland district"),
                ],
                max_length=30,
            ),
        ),
        migrations.RunPython(say_kinds, say_district),
        migrations.AlterField(
            model_name="area",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=models.deletion.PROTECT, related_name="+", to="partners.area"
            ),
        ),
        migrations.AddField(
            model_name="area",
            name="successors",
            field=models.ManyToManyField(blank=True, related_name="replaces", to="partners.area"),
        ),
        migrations.RunPython(keep_successors, keep_one_successor),
        migrations.RemoveField(model_name="area", name="replaced_by"),
    ]  # fmt: skip
