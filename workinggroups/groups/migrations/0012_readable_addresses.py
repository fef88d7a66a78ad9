"""Give groups whose address lost letters of the name a readable one; the former one redirects.

Backwards nothing is to be done: the former addresses are kept, and the new ones work as well.
"""

from typing import Any

from django.db import migrations

from common.addresses.migrating import make_addresses_readable


def make_readable(apps: Any, schema_editor: Any) -> None:
    make_addresses_readable(apps, "group", apps.get_model("groups", "Group"), "/groups/")


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0011_addresses_kept"),
        ("search", "0001_initial"),
    ]
    operations = [migrations.RunPython(make_readable, migrations.RunPython.noop)]
