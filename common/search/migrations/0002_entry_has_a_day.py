"""The day that a person named for the thing; its app fills it where it has one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="day",
            field=models.DateField(null=True),
        ),
    ]
