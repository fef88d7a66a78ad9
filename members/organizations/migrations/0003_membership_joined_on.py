"""The day on which a membership began, which was kept as a moment only.

A day that came from a file was stored as its midnight in UTC, and nobody named any other. So the
day in UTC is what was typed, and what the public pages have shown so far.
"""

from datetime import UTC
from typing import Any

from django.db import migrations, models

BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    memberships = apps.get_model("organizations", "Membership").objects
    while rows := list(memberships.filter(joined_on=None).only("pk", "during")[:BATCH]):
        for row in rows:
            row.joined_on = row.during.lower.astimezone(UTC).date()
        memberships.bulk_update(rows, ["joined_on"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_insider_view")]
    operations = [
        migrations.AddField("membership", "joined_on", models.DateField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("membership", "joined_on", models.DateField()),
    ]
