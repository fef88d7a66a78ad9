"""Fill the keys by which names are sorted and looked up, for the rows there were before.

Backwards nothing is to be done: the column goes, and the former sort keys are made on saving.
"""

from typing import Any

from django.db import migrations

from common.names import fill_name_keys


def fill(apps: Any, schema_editor: Any) -> None:
    fill_name_keys(apps.get_model("people", "Person"))


class Migration(migrations.Migration):
    dependencies = [("people", "0003_name_lookup")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
