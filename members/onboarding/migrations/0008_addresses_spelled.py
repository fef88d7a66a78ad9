"""Addresses from before are kept in the one spelling by which they are looked up now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.mail.spelling import spell_again


def spell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    spell_again(apps.get_model("onboarding", "Invitation"), "address")
    spell_again(apps.get_model("onboarding", "AddressProof"), "address")


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0007_coming_back")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
