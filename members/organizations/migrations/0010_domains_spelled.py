"""Mail domains from before are kept in the one spelling by which they are looked up now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.mail.spelling import spell_again, spelled_domain


def spell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("organizations", "OrganizationDomain")
    spell_again(model, "domain", spell=spelled_domain)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0009_legal_name_request")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
