from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0018_plain_english"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="owns_strategies",
            field=models.BooleanField("owns at least one strategy", default=False, editable=False),
        ),
        migrations.AddField(
            model_name="organisation",
            name="supports_strategies",
            field=models.BooleanField(
                "supports the owner of a strategy that is not a public body", default=False, editable=False
            ),
        ),
    ]
