"""Invited addresses from before are kept in the one spelling by which they are looked up now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.mail.spelling import spell_again


def spell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    spell_again(apps.get_model("groups", "GroupInvitation"), "address")


class Migration(migrations.Migration):
    dependencies = [("groups", "0016_group_invitation")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
