"""Action items of before several owners and comments, after the upgrade."""

from django.core.management import call_command

from common.access import Level
from common.search.actions import renew
from common.search.models import SearchEntry
from tests import factories
from tests.groups.test_owners import drifted
from workinggroups.groups.actions.indexing import index_item


def test_items_of_before_keep_their_owner_and_are_found(committed_db: str) -> None:
    """One migration back and forth for both: it takes as long as a hundred other tests."""
    chair = factories.person()
    groups = [
        factories.group(f"Group {listing}", listing=listing, preset="secret", chair=chair)
        for listing in ("public", "alliance", "members")
    ]
    items = [factories.action_item(group, level=Level.ALLIANCE) for group in groups]
    owned = factories.action_item(groups[0], owner=chair)

    call_command("migrate", "groups", "0019", verbosity=0)
    call_command("migrate", "groups", verbosity=0)

    assert [item.owners for item in (*items, owned)] == [[], [], [], [chair]]
    assert drifted() == []
    renew()
    entries = [SearchEntry.objects.get(uuid=item.uuid) for item in items]
    for entry, item in zip(entries, items, strict=True):
        migrated = (entry.title, entry.about, entry.body, entry.url, entry.level, entry.tsv)
        index_item(item)
        entry.refresh_from_db()
        assert migrated == (
            *(entry.title, entry.about, entry.body, entry.url, entry.level, entry.tsv),
        )
    assert "Group members" not in entries[2].about
