"""Organisations are found by the words of the migration before this one. The indexes are built beside the running portal."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("partners", "0028_words")]

    operations = [
        RemoveIndexConcurrently(
            model_name="organisation",
            name="organisations_by_words",
        ),
        AddIndexConcurrently(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        models.Func(
                            models.Func(
                                models.F("name"),
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
                                models.F("former_names"),
                                function="portal_words_of",
                                output_field=django.contrib.postgres.search.SearchVectorField(),
                            ),
                            models.Value("A"),
                            function="setweight",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        django.contrib.postgres.search.SearchConfig("portal_words"),
                    ),
                    "||",
                    models.Func(
                        models.Func(
                            models.F("description"),
                            function="portal_words_of",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        models.Value("B"),
                        function="setweight",
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                    django.contrib.postgres.search.SearchConfig("portal_words"),
                ),
                name="organisations_by_words",
            ),
        ),
        AddIndexConcurrently(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.CombinedSearchVector(
                    models.Func(
                        models.Func(
                            models.F("name"),
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
                            models.F("former_names"),
                            function="portal_words_of",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        models.Value("A"),
                        function="setweight",
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                    django.contrib.postgres.search.SearchConfig("portal_words"),
                ),
                name="organisations_by_names",
            ),
        ),
    ]
