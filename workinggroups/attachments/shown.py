"""The HTML of texts for the API, with absolute addresses of pictures."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from common.text.figures import has_figures, with_figures
from common.text.rendered import RenderedText
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.groups.models import Group


def html_of(row: RenderedText, kind: str, group: Group, object_uuid: UUID) -> str:
    """Return `row.html` with the pictures attached to this object: one query, or none after
    `attach_pictures`."""
    if not has_figures(row.html):
        return row.html
    pictures = vars(row).get("pictures")
    if pictures is None:
        pictures = pictures_in(attached_to(group, {kind: [object_uuid]}))
    return str(with_figures(row.html, pictures, settings.SITE_URL))


def attach_pictures(rows: Iterable[tuple[RenderedText, Group, UUID]], kind: str) -> None:
    """Set on each row, given with its group and object, the pictures for `html_of`: one query a
    group."""
    by_group: dict[int, tuple[Group, list[tuple[RenderedText, UUID]]]] = {}
    for row, group, object_uuid in rows:
        if has_figures(row.html):
            by_group.setdefault(group.pk, (group, []))[1].append((row, object_uuid))
    for group, texts in by_group.values():
        attached = attached_to(group, {kind: {object_uuid for _row, object_uuid in texts}})
        for row, object_uuid in texts:
            vars(row)["pictures"] = pictures_in(
                file for file in attached if file.thing_uuid == object_uuid
            )
