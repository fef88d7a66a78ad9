"""Addresses in any script; the database keeps each one that an organization has or had.

The trigger writes the table of addresses and refuses an address that is or was another's.
"""

from django.db import migrations

from common.addresses.models import AddressField

FORWARDS = """
INSERT INTO addresses_address (kind, slug, object_uuid, since)
    SELECT 'organization', slug, uuid, created_at FROM organizations_organization;
CREATE TRIGGER organization_keeps_addresses AFTER INSERT OR UPDATE OF slug, uuid ON organizations_organization
    FOR EACH ROW EXECUTE FUNCTION addresses_keep('organization');
"""

BACKWARDS = """
DROP TRIGGER organization_keeps_addresses ON organizations_organization;
DELETE FROM addresses_address WHERE kind = 'organization';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0005_name_lookup_filled"),
        ("addresses", "0001_initial"),
    ]
    operations = [
        migrations.AlterField(
            model_name="organization",
            name="slug",
            field=AddressField(max_length=80, unique=True),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
