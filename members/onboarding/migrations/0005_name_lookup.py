"""A column by which the names of applicants are looked up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0004_html_of_agreements_is_derived"),
    ]
    operations = [
        migrations.AddField(
            model_name="application",
            name="search_name",
            field=models.TextField(db_collation="C", default="", editable=False),
        ),
    ]
