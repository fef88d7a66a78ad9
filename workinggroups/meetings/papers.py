"""Papers of agenda items, as readers see them, and the kinds of objects that can be papers.

An app whose objects can be papers registers their kind here; those apps are in layers above. Whether a
viewer can see an object, and what it is called, the registry of the record says.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from common.access import Viewer
from common.access.reading import group_id_of
from common.record.registry import Ref, kind_label, visible_objects
from workinggroups.attachments.models import Attachment
from workinggroups.groups.models import Group
from workinggroups.meetings.choices import DISCUSSED_SHOWN, PAPERS_FOUND
from workinggroups.meetings.models import AgendaItem, Meeting, Paper
from workinggroups.meetings.models.meetings import MeetingQuerySet

# An object of an app in a layer above, and the arguments of the address of its page.
Referred: TypeAlias = Any
Arguments: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class PaperKind:
    """A kind of objects that can be papers; `kind` is its name in the record.

    `find` returns those that a viewer can see with these words in their title, the latest first; without
    words, those of the group. `at` returns those on the page of `route` with these arguments, whoever
    looks. `read_with` returns those that all who read a meeting can read.
    """

    kind: str
    route: str
    at: Callable[[Arguments], QuerySet[Referred]]
    read_with: Callable[[Meeting], QuerySet[Referred]]
    find: Callable[[Viewer, Group, str], QuerySet[Referred]] | None = None


class ShownPaper(NamedTuple):
    """A paper as its readers see it, with the group of an object.

    `is_elsewhere` says that its address is on another site.
    """

    uuid: str
    kind: str
    title: str
    url: str
    is_elsewhere: bool = False
    group_id: int | None = None


class Found(NamedTuple):
    """An object that can become a paper, by the name that a form sends, with its group."""

    key: str
    kind: str
    title: str
    url: str
    group_id: int | None


# The kind of the attachments of an item.
AGENDA_ITEM = "agenda_item"

_kinds: dict[str, PaperKind] = {}


def register(kind: PaperKind) -> None:
    """Add a kind, in the order of the calls. Called from `apps.ready`."""
    _kinds[kind.kind] = kind


def is_paper_kind(kind: str) -> bool:
    return kind in _kinds


def readable(refs: Collection[Ref], viewer: Viewer) -> dict[Ref, Referred]:
    """Return which of these objects the viewer can see. One query for each kind among them."""
    return visible_objects([ref for ref in refs if ref[0] in _kinds], viewer)


def papers_of(agenda: Sequence[AgendaItem], viewer: Viewer) -> dict[UUID, tuple[ShownPaper, ...]]:
    """Return the papers that the viewer can see by the uuid of their item, in order.

    One query, and one for each kind among them; none if no item has papers.
    """
    papers = _papers(agenda)
    return _shown(agenda, papers, readable(_refs(papers), viewer))


def papers_for_all(
    meeting: Meeting, agenda: Sequence[AgendaItem]
) -> dict[UUID, tuple[ShownPaper, ...]]:
    """Return the papers that all who read the meeting can read: for its files, which are the same for
    all. One query, and one for each kind among them.
    """
    papers = _papers(agenda)
    uuids: dict[str, set[UUID]] = defaultdict(set)
    for kind, uuid in _refs(papers):
        uuids[kind].add(uuid)
    objects = {
        (kind, obj.uuid): obj
        for kind, of_kind in uuids.items()
        if kind in _kinds
        for obj in _kinds[kind].read_with(meeting).filter(uuid__in=of_kind)
    }
    return _shown(agenda, papers, objects)


def _papers(agenda: Sequence[AgendaItem]) -> list[Paper]:
    # Annotated by `agenda_of`, which spares most agendas this query.
    ids = [item.pk for item in agenda if getattr(item, "has_papers", True)]
    if not ids:
        return []
    papers = Paper.objects.filter(item__in=ids)
    return list(papers.order_by("item", "position"))


def _refs(papers: Iterable[Paper]) -> set[Ref]:
    return {(paper.kind, paper.object_uuid) for paper in papers if paper.object_uuid}


def _shown(
    agenda: Iterable[AgendaItem], papers: Iterable[Paper], objects: Mapping[Ref, Referred]
) -> dict[UUID, tuple[ShownPaper, ...]]:
    uuids = {item.pk: item.uuid for item in agenda}
    by_item: dict[UUID, list[ShownPaper]] = defaultdict(list)
    for paper in papers:
        if paper.object_uuid is None:
            label = _("Web page")
            shown = ShownPaper(str(paper.uuid), label, paper.title, paper.url, is_elsewhere=True)
        elif (ref := (paper.kind, paper.object_uuid)) in objects:
            obj = objects[ref]
            label = kind_label(paper.kind)
            shown = ShownPaper(
                str(paper.uuid), label, str(obj), obj.get_absolute_url(), group_id=group_id_of(obj)
            )
        else:
            continue
        by_item[uuids[paper.item_id]].append(shown)
    return {uuid: tuple(of_item) for uuid, of_item in by_item.items()}


def with_files(
    papers: Mapping[UUID, tuple[ShownPaper, ...]], attached: Iterable[Attachment]
) -> dict[UUID, tuple[ShownPaper, ...]]:
    """Return the papers by the uuid of their item, followed by the files attached to the item."""
    of_items = defaultdict(tuple[ShownPaper, ...], papers)
    for file in attached:
        if file.kind == AGENDA_ITEM:
            shown = ShownPaper(str(file.uuid), _("File"), file.name, file.get_absolute_url())
            of_items[file.thing_uuid] += (shown,)
    return of_items


def find_objects(viewer: Viewer, group: Group, words: str) -> list[Found]:
    """Return objects to choose from: those at this address, or with these words in their title.

    Without words, the latest of the group. One query for each kind.
    """
    words = words.strip()
    if (at_address := _at_address(viewer, words)) is not None:
        return at_address
    return [
        match
        for kind in _kinds.values()
        if kind.find
        for match in _found(kind, kind.find(viewer, group, words)[:PAPERS_FOUND])
    ]


def ref_of(key: str) -> Ref | None:
    """Return what a form named by `Found.key`; None for anything else."""
    kind, _colon, uuid = key.partition(":")
    try:
        return (kind, UUID(uuid)) if is_paper_kind(kind) else None
    except ValueError:
        return None


def _at_address(viewer: Viewer, address: str) -> list[Found] | None:
    """Return what the viewer can see at this address of the site; None for what is no address."""
    site, parts = urlsplit(settings.SITE_URL), _parts(address)
    if parts is None or parts[0] not in {"", site.netloc} or not parts[1].startswith("/"):
        return None
    try:
        match = resolve(parts[1])
    except Resolver404:
        return []
    for kind in _kinds.values():
        if kind.route == match.url_name:
            refs: list[Ref] = [(kind.kind, obj.uuid) for obj in kind.at(match.kwargs)[:1]]
            return _found(kind, readable(refs, viewer).values())
    return []


def _parts(address: str) -> tuple[str, str] | None:
    """Return host and path of an address; None for what cannot be one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.netloc, parts.path


def _found(kind: PaperKind, objects: Iterable[Referred]) -> list[Found]:
    label = kind_label(kind.kind)
    return [
        Found(f"{kind.kind}:{obj.uuid}", label, str(obj), obj.get_absolute_url(), group_id_of(obj))
        for obj in objects
    ]


def discussed_at(refs: Sequence[Ref], viewer: Viewer) -> MeetingQuerySet:
    """Return the meetings on whose agenda one of these objects is a paper.

    Only those that the viewer can see; the caller passes only objects that they can see.
    """
    named = Q(pk=None)
    for kind in {kind for kind, _uuid in refs}:
        named |= Q(kind=kind, object_uuid__in=[uuid for of_kind, uuid in refs if of_kind == kind])
    meetings = Paper.objects.filter(named).order_by().values("item__meeting")
    visible: MeetingQuerySet = Meeting.objects.visible_to(viewer).filter(pk__in=meetings)
    return visible.select_related("group")


@dataclass(frozen=True)
class Discussed:
    """Some of the meetings at which something was discussed; `older` is where the next page begins."""

    meetings: Sequence[Meeting]
    older: str = ""


def discussed(
    refs: Sequence[Ref], viewer: Viewer, *, before: str = "", size: int = DISCUSSED_SHOWN
) -> Discussed:
    """Return the latest meetings of `discussed_at`, or those before the one with this uuid.

    An invalid `before` shows the first page. One query, and one for a later page.
    """
    meetings = discussed_at(refs, viewer)
    try:
        last = meetings.filter(uuid=UUID(before)).first() if before else None
    except ValueError:
        last = None
    if last is not None:
        meetings = meetings.before(last.starts_at, last.pk)
    rows = list(meetings.order_by("-starts_at", "-pk")[: size + 1])
    return Discussed(rows[:size], str(rows[size - 1].uuid) if len(rows) > size else "")
