from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0013_groups_that_steer")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="post",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="post, as the public reads it"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user",
            name="name_shown",
            field=models.BooleanField(default=False, verbose_name="the public may read the name"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="team_mailbox",
            field=models.EmailField(
                blank=True, default="", max_length=254, verbose_name="address of the team, for the public"
            ),
            preserve_default=False,
        ),
    ]
