from django.db import migrations

FUNCTIONS = ("reporting_sealed_edition()", "reporting_sealed_part()")


class Migration(migrations.Migration):
    """A temporary table called ``reporting_edition`` would otherwise stand before the real one when a trigger looks it up."""

    dependencies = [("reporting", "0005_sealed_by_the_database")]
    operations = [
        migrations.RunSQL(
            [f"ALTER FUNCTION {function} SET search_path = pg_catalog, public, pg_temp" for function in FUNCTIONS],
            [f"ALTER FUNCTION {function} RESET search_path" for function in FUNCTIONS],
        )
    ]
