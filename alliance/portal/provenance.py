"""Why does it say so? Everything that led to a thing and came of it, read from the links."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
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

# Many decisions are taken at one meeting; each is a story of its own.
ONE_WAY = frozenset({"taken_at"})
# A revision is a step by itself, and comments are shown as a number: a review has hundreds.
SEALED, COMMENTED = "revision_of", "on"

# What a thing does to another, said below its name.
DOES: dict[str, str | Promise] = {
    "adopts": _("adopts {other}"),
    "approves": _("approves {other}"),
    "publishes": _("publishes {other}"),
    "rescinds": _("takes back {other}"),
    "rests_on": _("rests on {other}"),
    "supersedes": _("takes the place of {other}"),
    "taken_at": _("taken at {other}"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing on the way and what it did. `is_decision` marks what bound the group, `is_asked` the
    thing whose story this is. `day` is the day that was named for it, shown instead of `at`."""

    at: datetime
    what: SafeString
    does: tuple[SafeString, ...] = ()
    is_decision: bool = False
    is_asked: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """A thing with the steps of which it is part, the oldest first, and the things they name."""

    of: Any
    steps: list[Step]
    things: list[Any]


def provenance_of(kind: str, uuid: UUID, viewer: Viewer) -> Provenance | None:
    """As far as this viewer may see both ends of each link; None where it may not see the thing.

    Nothing tells that a step is left out. One query for the walk and one for each kind of thing.
    """
    asked = (kind, uuid)
    links = connected_links(kind, uuid, one_way=ONE_WAY, many={COMMENTED})
    seen = visible_objects({asked, *map(_one, links), *map(_other, links)}, viewer)
    if asked not in seen:
        return None
    links = [link for link in links if _one(link) in seen and _other(link) in seen]
    reached = _reached(asked, links)
    found = {ref: thing for ref, thing in seen.items() if ref in reached}
    # A decision is a step even where it did nothing but be replaced.
    by_thing: dict[Ref, list[Link]] = defaultdict(
        list, {ref: [] for ref, thing in found.items() if isinstance(thing, Decision)}
    )
    for link in links:
        if _one(link) in found and _other(link) in found:
            # A comment belongs to what it is about.
            by_thing[_other(link) if link.relation == COMMENTED else _one(link)].append(link)
    steps: list[Step] = []
    for ref, own in by_thing.items():
        steps += _steps(found[ref], own, found, is_asked=ref == asked)
    return Provenance(found[asked], sorted(steps, key=lambda step: step.at), list(found.values()))


def _reached(asked: Ref, links: Iterable[Link]) -> set[Ref]:
    """What hangs together with the thing by these links alone.

    The walk in the database also went through what this viewer may not see; that two things met
    there is not theirs to know.
    """
    leads: dict[Ref, list[Ref]] = defaultdict(list)
    for link in links:
        leads[_one(link)].append(_other(link))
        if link.relation not in ONE_WAY:
            leads[_other(link)].append(_one(link))
    reached, ahead = {asked}, [asked]
    while ahead:
        new = {ref for ref in leads[ahead.pop()] if ref not in reached}
        reached |= new
        ahead += new
    return reached


def _one(link: Link) -> Ref:
    return link.from_kind, link.from_uuid


def _other(link: Link) -> Ref:
    return link.to_kind, link.to_uuid


def _steps(
    thing: Any, links: Iterable[Link], found: dict[Ref, Any], *, is_asked: bool
) -> Iterator[Step]:
    """The links of one thing: what it did is one step, what was said about it another."""
    by_relation: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_relation[link.relation].append(link)
    if commented := by_relation.pop(COMMENTED, []):
        count = len(commented)
        words = ngettext("{count} comment on {other}", "{count} comments on {other}", count)
        yield Step(_last(commented), format_html(words, count=count, other=_short(thing)))
    if sealed := by_relation.pop(SEALED, []):
        yield Step(_last(sealed), format_html(gettext("Sealed: {one}"), one=_short(thing)))
    told = [link for name, each in by_relation.items() if name in DOES for link in each]
    if told or isinstance(thing, Decision):
        yield Step(
            at=thing.decided_at if isinstance(thing, Decision) else _last(told),
            what=_link(thing, str(thing)),
            does=tuple(
                format_html(str(DOES[link.relation]), other=_short(found[_other(link)]))
                for link in told
            ),
            is_decision=isinstance(thing, Decision),
            is_asked=is_asked,
            day=thing.decided_on if isinstance(thing, Decision) else None,
        )


def _last(links: Iterable[Link]) -> datetime:
    at: datetime = max(link.during.lower for link in links)
    return at


def _short(thing: Any) -> SafeString:
    """How a thing is called beside others of its story, whose title is known."""
    if isinstance(thing, Revision):
        return _link(thing, gettext("revision %(number)d") % {"number": thing.number})
    if isinstance(thing, Publication):
        return _link(thing, gettext("version %(number)s") % {"number": thing.number})
    if isinstance(thing, Decision):
        return _link(thing, f"D-{thing.number}")
    return _link(thing, str(thing))


def _link(thing: Any, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', thing.get_absolute_url(), words)
