"""The ways through the site: the journal's header and footer, the desk's rail and bottom bar.

Addresses stand here as text, not as names of routes, so that an error page can be drawn with no
request and no database; a test asks each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.portal.queries import groups_by_name, reader_facts
from common.access import Viewer
from common.http.requests import Request

Words = str | Promise


@dataclass(frozen=True)
class Item:
    """One way: its word, its address, and whether the reader is already there."""

    label: Words
    url: str
    icon: str = ""
    count: int = 0
    is_current: bool = False


PUBLIC: Sequence[tuple[Words, str]] = (
    (_("Publications"), "/catalogue/"),
    (_("Groups"), "/groups/"),
    (_("Members"), "/members/"),
    (_("How we decide"), "/pages/how-we-decide/"),
)


def public_items(path: str) -> list[Item]:
    """The header of the journal; the section one reads in is marked."""
    return [Item(label, url, is_current=path.startswith(url)) for label, url in PUBLIC]


@dataclass(frozen=True)
class Facts:
    """What the rail knows of its reader, read in one query."""

    unread: int = 0
    organization_name: str = ""
    organization_slug: str = ""


@dataclass(frozen=True)
class Rail:
    """The desk's ways for one reader on one page."""

    items: tuple[Item, ...]
    groups: tuple[Item, ...]
    name: str
    organization: str

    @property
    def bar(self) -> tuple[Item, ...]:
        """The four of the bottom bar; the fifth opens everything else."""
        return self.items[:4]

    @property
    def rest(self) -> tuple[Item, ...]:
        return self.items[4:]


class Navigation:
    """The rail of one request. Nothing is asked of the database until a template draws it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.path = request.path

    @property
    def viewer(self) -> Viewer:
        return self.request.viewer

    @cached_property
    def facts(self) -> Facts:
        # The one they represent first: it is the one whose vote they look for.
        own = self.viewer.represented_ids or self.viewer.organization_ids
        row = reader_facts.first(self.viewer.person_id or 0, own)
        return Facts(row[0], row[1] or "", row[2] or "") if row else Facts()

    @cached_property
    def groups(self) -> list[Item]:
        """The groups the reader takes part in, by name."""
        return [
            Item(
                group.name,
                quote(f"/groups/{group.slug}/"),
                is_current=self.path.startswith(f"/groups/{group.slug}/"),
                icon=group.focus_area.glyph,
            )
            for group in groups_by_name(self.viewer.group_ids)
        ]

    @cached_property
    def items(self) -> list[Item]:
        """The rail, top to bottom."""
        facts = self.facts
        items = [
            self._item(_("My work"), "/my/", "check2-square"),
            self._item(_("Inbox"), "/inbox/", "inbox", count=facts.unread),
            self._item(_("Calendar"), "/calendar/", "calendar3"),
            self._item(_("Groups"), "/groups/", "people"),
        ]
        if facts.organization_slug:
            url = f"/members/{facts.organization_slug}/"
            items.append(self._item(facts.organization_name, url, "building"))
        else:
            items.append(self._item(_("Members"), "/members/", "building"))
        if self.viewer.in_alliance:
            items.append(self._item(_("Directory"), "/directory/", "person-vcard"))
        items.append(self._item(_("Publications"), "/catalogue/", "journal-text"))
        if self.viewer.is_staff:
            items.append(self._item(_("Admin"), "/staff/", "sliders"))
        return items

    @cached_property
    def rail(self) -> Rail:
        """All that the rail and the bottom bar show."""
        name, organization = str(self.request.user), self.facts.organization_name
        return Rail(tuple(self.items), tuple(self.groups), name, organization)

    def _item(self, label: Words, url: str, icon: str, count: int = 0) -> Item:
        return Item(str(label), quote(url), icon, count, is_current=self.path.startswith(url))
