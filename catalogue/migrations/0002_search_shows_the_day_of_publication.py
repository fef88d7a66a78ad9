"""Search shows works from elsewhere under the day on which they were published."""

from typing import Any

from django.db import migrations

BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    works = apps.get_model("catalogue", "OutsideEntry").objects.values_list("uuid", "published_on")
    entries = apps.get_model("search", "SearchEntry").objects
    published = dict(works.iterator())
    found = entries.filter(kind="outside_entry", uuid__in=published).only("pk", "uuid")
    for entry in (changed := list(found)):
        entry.day = published[entry.uuid]
    entries.bulk_update(changed, ["day"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_outside_entries"),
        ("search", "0002_entry_has_a_day"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
