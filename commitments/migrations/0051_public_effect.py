"""What each entry of the history changes for people who are not signed in stands beside it; PostgreSQL writes the table anew for it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0050_words_of_quotations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historyentry",
            name="public_effect",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            models.Q(
                                ("act__in", ("log", "edit", "submit", "return", "withdraw", "reopen")),
                                ("evidence__isnull", False),
                                ("from_state__in", ("", "draft", "submitted", "returned", "withdrawn")),
                                ("to_state__in", ("draft", "submitted", "returned", "withdrawn")),
                            ),
                            models.Q(
                                ("act__in", ("save", "submit", "take_back", "return")),
                                ("from_state__in", ("expected", "draft", "submitted", "returned")),
                                ("to_state__in", ("expected", "draft", "submitted", "returned")),
                                ("update__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        then=models.Value("nothing"),
                    ),
                    models.When(
                        models.Q(
                            models.Q(("act", "accept"), ("evidence__isnull", False)),
                            ("act", "task_handed"),
                            _connector="OR",
                        ),
                        then=models.Value("adds"),
                    ),
                    default=models.Value("changes"),
                    output_field=models.CharField(max_length=10),
                ),
                output_field=models.CharField(max_length=10),
            ),
        ),
        migrations.AddIndex(
            model_name="historyentry",
            index=models.Index(fields=["public_effect", "id"], name="history_by_public_effect"),
        ),
    ]
