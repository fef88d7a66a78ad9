from django.db import migrations, models


class Migration(migrations.Migration):
    """A claim names its sender, so that it ends when that one dies."""

    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.AddField("message", "claimed_by", models.IntegerField(null=True)),
    ]
