"""Action items as CSV, for spreadsheets."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from common.access import Viewer
from common.files.csv_cells import csv_text
from common.times import zone_named
from workinggroups.groups.models import ActionItem
from workinggroups.groups.sources import sources_of

COLUMNS = (
    "group",
    "number",
    "text",
    "owners",
    "state",
    "due_on",
    "is_late",
    "created_on",
    "created_by",
    "closed_on",
    "closed_by",
    "meeting",
    "address",
)


def items_csv(items: Iterable[ActionItem], viewer: Viewer) -> str:
    """Return the items as CSV: one query besides those of the items, whose owners are loaded.

    Days are those of the viewer's zone. `meeting` is empty where the viewer cannot see it.
    """
    listed = list(items)
    sources = sources_of(listed, viewer)
    return csv_text(
        COLUMNS,
        [
            (
                item.group.name,
                f"A-{item.number}",
                item.text,
                "; ".join(map(str, item.owners)),
                item.state,
                item.due_on.isoformat() if item.due_on else "",
                "yes" if item.is_late else "no",
                _day(item.created_at, viewer),
                str(item.created_by),
                _day(item.closed_at, viewer),
                str(item.closed_by or ""),
                sources[item.pk].title if item.pk in sources else "",
                f"{settings.SITE_URL}{item.get_absolute_url()}",
            )
            for item in listed
        ],
    )


def _day(moment: datetime | None, viewer: Viewer) -> str:
    return moment.astimezone(zone_named(viewer.zone)).date().isoformat() if moment else ""
