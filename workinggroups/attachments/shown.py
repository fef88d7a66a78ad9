"""The HTML of texts for the API: pictures with whole addresses, since no page of ours is around."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings

from common.text.figures import has_figures, with_figures
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.groups.models import Group


def html_of(row: Any, kind: str, group: Group, thing: UUID) -> str:
    """Return `row.html` with the pictures that hang on this thing; one query unless `gather` ran."""
    if not has_figures(row.html):
        return str(row.html)
    pictures = getattr(row, "pictures", None)
    if pictures is None:
        pictures = pictures_in(attached_to(group, {kind: [thing]}))
    return str(with_figures(row.html, pictures, settings.SITE_URL))


def gather(rows: Iterable[tuple[Any, Group, UUID]], kind: str) -> None:
    """Give each row, with its group and thing, the pictures for `html_of`: one query a group."""
    of_group: dict[int, tuple[Group, list[tuple[Any, UUID]]]] = {}
    for row, group, thing in rows:
        if has_figures(row.html):
            of_group.setdefault(group.pk, (group, []))[1].append((row, thing))
    for group, shown in of_group.values():
        attached = attached_to(group, {kind: {thing for _row, thing in shown}})
        for row, thing in shown:
            row.pictures = pictures_in(file for file in attached if file.thing_uuid == thing)
