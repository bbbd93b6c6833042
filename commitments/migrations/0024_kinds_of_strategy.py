from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0023_succeeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="kind",
            field=models.CharField(
                choices=[
                    ("strategy", "Strategy"),
                    ("plan", "Plan"),
                    ("recommendations", "Recommendations"),
                    ("charter", "Charter"),
                    ("work_plan", "Work plan"),
                ],
                default="strategy",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="strategy",
            name="made_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="who wrote it"),
        ),
        migrations.AddField(
            model_name="strategy",
            name="reviewed_on",
            field=models.DateField(blank=True, null=True, verbose_name="last reviewed on"),
        ),
    ]
