"""A column by which names are looked up, and its trigram index."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_membership_joined_on"),
        ("search", "0001_initial"),  # pg_trgm
    ]
    operations = [
        migrations.AddField(
            model_name="organization",
            name="search_name",
            field=models.TextField(db_collation="C", default="", editable=False),
        ),
        migrations.AddField(
            model_name="organizationname",
            name="search_name",
            field=models.TextField(db_collation="C", default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=GinIndex(
                fields=["search_name"], name="organization_names", opclasses=["gin_trgm_ops"], fastupdate=False
            ),
        ),
        migrations.AddIndex(
            model_name="organizationname",
            index=GinIndex(
                fields=["search_name"], name="organization_other_names", opclasses=["gin_trgm_ops"], fastupdate=False
            ),
        ),
    ]
