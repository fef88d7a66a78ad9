"""The navigation: header and footer of the public site, rail and bottom bar of the app shell.

Addresses are written out, not resolved from names of routes, so that an error page can be rendered
without a request and a database; a test visits each of them.
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
    """One link of the navigation, and whether the reader is on that page or below it."""

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
    """Return the header of the public site, with the current section marked."""
    return [Item(label, url, is_current=path.startswith(url)) for label, url in PUBLIC]


@dataclass(frozen=True)
class Facts:
    """What the rail shows of its reader, read in one query."""

    unread: int = 0
    organization_name: str = ""
    organization_slug: str = ""


@dataclass(frozen=True)
class Rail:
    """The navigation of the app shell for one reader on one page."""

    items: tuple[Item, ...]
    groups: tuple[Item, ...]
    name: str
    organization: str

    @property
    def bar(self) -> tuple[Item, ...]:
        """The four items of the bottom bar; its fifth button opens the others."""
        return self.items[:4]

    @property
    def rest(self) -> tuple[Item, ...]:
        return self.items[4:]


class Navigation:
    """The rail of one request. Queries nothing until a template renders it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.path = request.path

    @property
    def viewer(self) -> Viewer:
        return self.request.viewer

    @cached_property
    def facts(self) -> Facts:
        # An organization that they represent comes first: they vote for it.
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
        """All that the rail and the bottom bar show, read once."""
        name, organization = str(self.request.user), self.facts.organization_name
        return Rail(tuple(self.items), tuple(self.groups), name, organization)

    def _item(self, label: Words, url: str, icon: str, count: int = 0) -> Item:
        return Item(str(label), quote(url), icon, count, is_current=self.path.startswith(url))
