"""An index of the words of quotations in case studies, which are searched while their speakers agree. Built beside the running portal."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("commitments", "0049_own_references")]

    operations = [
        AddIndexConcurrently(
            model_name="casestudyquotation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.CombinedSearchVector(
                    models.Func(
                        models.Func(
                            models.F("words"),
                            function="portal_words_of",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        models.Value("B"),
                        function="setweight",
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                    "||",
                    models.Func(
                        models.Func(
                            models.F("said_by"),
                            function="portal_words_of",
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                        models.Value("B"),
                        function="setweight",
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                    django.contrib.postgres.search.SearchConfig("portal_words"),
                ),
                name="quotations_by_words",
            ),
        ),
    ]
