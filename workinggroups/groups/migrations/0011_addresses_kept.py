"""Addresses in any script; the database keeps each one that a group has or had.

The trigger writes the table of addresses and refuses an address that is or was another's.
"""

from django.db import migrations, models

from common.addresses.models import AddressField

FORWARDS = """
INSERT INTO addresses_address (kind, slug, object_uuid, since)
    SELECT 'group', slug, uuid, created_at FROM groups_group;
CREATE TRIGGER group_keeps_addresses AFTER INSERT OR UPDATE OF slug, uuid ON groups_group
    FOR EACH ROW EXECUTE FUNCTION addresses_keep('group');
"""

BACKWARDS = """
DROP TRIGGER group_keeps_addresses ON groups_group;
DELETE FROM addresses_address WHERE kind = 'group';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0010_name_lookup_filled"),
        ("addresses", "0001_initial"),
    ]
    operations = [
        migrations.AlterField(
            model_name="group",
            name="slug",
            field=AddressField(max_length=80, unique=True),
        ),
        migrations.AddField(
            model_name="group",
            name="first_slug",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
