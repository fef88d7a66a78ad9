"""Addresses from before are kept in the one spelling by which they are looked up now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.mail.spelling import spell_again


def spell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    spell_again(apps.get_model("people", "Person"), "email")
    spell_again(apps.get_model("account", "EmailAddress"), "email")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_session_of_person"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
