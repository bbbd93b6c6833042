"""Evidence is searched by words and stems (``portal_words_of``). PostgreSQL writes the table anew for it."""

import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0046_descriptions_of_photographs"), ("partners", "0028_words")]

    operations = [
        migrations.RemoveIndex(model_name="evidence", name="evidence_words"),
        migrations.RemoveField(model_name="evidence", name="words"),
        migrations.AddField(
            model_name="evidence",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    models.Func(
                        models.Func(
                            models.F("title"),
                            function="portal_words_of",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        models.Value("A"),
                        function="setweight",
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                    "||",
                    models.Func(
                        models.Func(
                            models.F("story"),
                            function="portal_words_of",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        models.Value("B"),
                        function="setweight",
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                    django.contrib.postgres.search.SearchConfig("portal_words"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
    ]
