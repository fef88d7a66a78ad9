"""What led to a decision, deliverable or publication, and what followed, read from the links."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.links.models import Link
from common.links.queries import connected_links
from common.record.registry import Ref, visible_objects
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.models import Publication, Revision

# Many decisions are taken at one meeting; each has a provenance of its own.
ONE_WAY = frozenset({"taken_at"})
# A revision is a step by itself, and comments are counted: a review has hundreds.
SEALED, COMMENTED = "revision_of", "on"

# What an object does to another, in words below its name.
DOES: dict[str, str | Promise] = {
    "adopts": _("adopts {other}"),
    "approves": _("approves {other}"),
    "publishes": _("publishes {other}"),
    "rejects": _("does not approve {other}"),
    "rescinds": _("rescinds {other}"),
    "rests_on": _("is based on {other}"),
    "supersedes": _("replaces {other}"),
    "taken_at": _("taken at {other}"),
}


class Linked(Protocol):
    """An object that links name, with a page of its own."""

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One object and what it did to others.

    `is_asked` marks the object whose provenance this is. `day` is shown instead of `at` where a
    day was named.
    """

    at: datetime
    what: SafeString
    does: tuple[SafeString, ...] = ()
    is_decision: bool = False
    is_rejected: bool = False
    is_asked: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """An object with the steps that are linked with it, oldest first, and the objects they name."""

    of: Linked
    steps: list[Step]
    objects: list[Linked]


def provenance_of(kind: str, uuid: UUID, viewer: Viewer) -> Provenance | None:
    """Return the provenance as this viewer can see it; None if they cannot see the object.

    A link counts if the viewer can see both ends; nothing tells that one is left out. One query
    for the links and one for each kind of object.
    """
    asked = (kind, uuid)
    links = connected_links(kind, uuid, one_way=ONE_WAY, many={COMMENTED})
    visible = visible_objects({asked, *map(_from, links), *map(_to, links)}, viewer)
    if asked not in visible:
        return None
    links = [link for link in links if _from(link) in visible and _to(link) in visible]
    reached = _reached(asked, links)
    objects: dict[Ref, Linked] = {ref: obj for ref, obj in visible.items() if ref in reached}
    # A decision is a step even if it has no link but the one from the decision that replaced it.
    links_of: dict[Ref, list[Link]] = defaultdict(
        list, {ref: [] for ref, obj in objects.items() if isinstance(obj, Decision)}
    )
    for link in links:
        if _from(link) in objects and _to(link) in objects:
            # A comment belongs to what it is about.
            links_of[_to(link) if link.relation == COMMENTED else _from(link)].append(link)
    steps: list[Step] = []
    for ref, own_links in links_of.items():
        steps += _steps(objects[ref], own_links, objects, is_asked=ref == asked)
    steps.sort(key=lambda step: step.at)
    return Provenance(objects[asked], steps, list(objects.values()))


def _reached(asked: Ref, links: Iterable[Link]) -> set[Ref]:
    """Return what is connected with the asked object by these links alone.

    The walk in the database also passed objects that this viewer cannot see; the viewer must not
    learn that two visible objects are connected through one of them.
    """
    leads: dict[Ref, list[Ref]] = defaultdict(list)
    for link in links:
        leads[_from(link)].append(_to(link))
        if link.relation not in ONE_WAY:
            leads[_to(link)].append(_from(link))
    reached, ahead = {asked}, [asked]
    while ahead:
        new = {ref for ref in leads[ahead.pop()] if ref not in reached}
        reached |= new
        ahead += new
    return reached


def _from(link: Link) -> Ref:
    return link.from_kind, link.from_uuid


def _to(link: Link) -> Ref:
    return link.to_kind, link.to_uuid


def _steps(
    obj: Linked, links: Iterable[Link], objects: dict[Ref, Linked], *, is_asked: bool
) -> Iterator[Step]:
    """Yield the steps of one object: the comments on it, its sealing, and what it did."""
    by_relation: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_relation[link.relation].append(link)
    if commented := by_relation.pop(COMMENTED, []):
        count = len(commented)
        words = ngettext("{count} comment on {other}", "{count} comments on {other}", count)
        yield Step(_last(commented), format_html(words, count=count, other=_short(obj)))
    if sealed := by_relation.pop(SEALED, []):
        yield Step(_last(sealed), format_html(gettext("Sealed: {one}"), one=_short(obj)))
    done = [link for name, each in by_relation.items() if name in DOES for link in each]
    is_rejected = isinstance(obj, Decision) and obj.is_rejected
    # The page says "rejected" beside the title.
    title = f"D-{obj.number} {obj.title}" if isinstance(obj, Decision) else str(obj)
    if done or isinstance(obj, Decision):
        yield Step(
            at=obj.decided_at if isinstance(obj, Decision) else _last(done),
            what=_link(obj, title),
            does=tuple(
                format_html(str(DOES[link.relation]), other=_short(objects[_to(link)]))
                for link in done
            ),
            is_decision=isinstance(obj, Decision),
            is_rejected=is_rejected,
            is_asked=is_asked,
            day=obj.decided_on if isinstance(obj, Decision) else None,
        )


def _last(links: Iterable[Link]) -> datetime:
    at: datetime = max(link.during.lower for link in links)
    return at


def _short(obj: Linked) -> SafeString:
    """Return a link with the short name of an object, as the page names its title already."""
    if isinstance(obj, Revision):
        return _link(obj, gettext("revision %(number)d") % {"number": obj.number})
    if isinstance(obj, Publication):
        return _link(obj, gettext("version %(number)s") % {"number": obj.number})
    if isinstance(obj, Decision):
        return _link(obj, f"D-{obj.number}")
    return _link(obj, str(obj))


def _link(obj: Linked, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), words)
