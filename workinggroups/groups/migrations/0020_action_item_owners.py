"""Several owners of an action item. The column of the first owner and the rows follow each other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
INSERT INTO groups_actionitemowner (item_id, person_id, position)
SELECT id, owner_id, 0 FROM groups_actionitem WHERE owner_id IS NOT NULL
"""

# Whatever writes the column alone, such as a bulk load or a process of the release before, names the
# only owner.
FORWARDS = """
CREATE FUNCTION groups_action_item_first_owner(item bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT person_id FROM groups_actionitemowner WHERE item_id = item ORDER BY position, id LIMIT 1
$$;
CREATE FUNCTION groups_action_item_names_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.owner_id IS DISTINCT FROM groups_action_item_first_owner(NEW.id) THEN
        DELETE FROM groups_actionitemowner
         WHERE item_id = NEW.id AND person_id IS DISTINCT FROM NEW.owner_id;
        INSERT INTO groups_actionitemowner (item_id, person_id, position)
        SELECT NEW.id, NEW.owner_id, 0 WHERE NEW.owner_id IS NOT NULL
        ON CONFLICT (item_id, person_id) DO UPDATE SET position = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION groups_action_item_owners_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.item_id ELSE NEW.item_id END;
    first_owner bigint := groups_action_item_first_owner(changed);
BEGIN
    UPDATE groups_actionitem SET owner_id = first_owner
     WHERE id = changed AND owner_id IS DISTINCT FROM first_owner;
    RETURN NULL;
END $$;
CREATE TRIGGER action_item_names_owner AFTER INSERT OR UPDATE OF owner_id ON groups_actionitem
    FOR EACH ROW EXECUTE FUNCTION groups_action_item_names_owner();
CREATE TRIGGER action_item_owners_change
    AFTER INSERT OR DELETE OR UPDATE OF person_id, position ON groups_actionitemowner
    FOR EACH ROW EXECUTE FUNCTION groups_action_item_owners_change();
"""

BACKWARDS = """
DROP TRIGGER action_item_owners_change ON groups_actionitemowner;
DROP TRIGGER action_item_names_owner ON groups_actionitem;
DROP FUNCTION groups_action_item_owners_change();
DROP FUNCTION groups_action_item_names_owner();
DROP FUNCTION groups_action_item_first_owner(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('groups', '0019_charter_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActionItemOwner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ownerships', to='groups.actionitem')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.AddConstraint(
            model_name='actionitemowner',
            constraint=models.UniqueConstraint(fields=('item', 'person'), name='action_item_owner_once'),
        ),
        migrations.AddConstraint(
            model_name='actionitemowner',
            constraint=models.UniqueConstraint(deferrable=models.Deferrable['DEFERRED'], fields=('item', 'position'), name='action_item_owner_place_once'),
        ),
        migrations.RemoveIndex(
            model_name='actionitem',
            name='action_item_owner',
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        # Last, since no table can be altered while its new rows wait for their deferred checks.
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
