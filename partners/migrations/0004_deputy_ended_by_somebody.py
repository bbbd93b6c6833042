from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_rounds"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="deputy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="deputy_ended_at_with_by",
            ),
        ),
    ]
