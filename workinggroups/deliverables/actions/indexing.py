"""Keep the search entries of deliverables and publications, in the transaction of each act."""

from collections.abc import Collection, Iterator
from uuid import UUID

from common.access import Level
from common.search.actions import entries_of, store
from common.search.files import FilePlace, index_files
from common.search.models import SearchEntry
from common.text.markdown import plain_blocks
from common.vocabulary.models import FocusArea
from workinggroups.deliverables.models import Deliverable, Publication, Revision, RevisionFile
from workinggroups.deliverables.queries import last_revision, last_sealed
from workinggroups.groups.search import about


def index_deliverable(deliverable: Deliverable) -> None:
    """Index title, summary, and the newest text and files that all its readers may open.

    While the whole alliance reviews a deliverable of a members' group, that is the sealed text.
    """
    store(deliverable_entries(deliverable, _readable_revision(deliverable)))
    index_files(_files(deliverable))


def deliverable_entries(deliverable: Deliverable, revision: Revision | None) -> list[SearchEntry]:
    """Return the search entries, unsaved, of a deliverable with the text of `revision`."""
    text = plain_blocks(revision.html) if revision else ""
    return entries_of(
        kind="deliverable",
        uuid=deliverable.uuid,
        title=deliverable.title,
        body=f"{deliverable.summary}\n\n{text}",
        url=deliverable.get_absolute_url(),
        level=deliverable.level,
        group_id=deliverable.group_id,
        at=deliverable.changed_at,
        about=about_deliverable(deliverable),
    )


def index_publication(publication: Publication) -> None:
    """Index the latest version of a work for everybody; a withdrawn one by its title only."""
    if not publication.is_latest:
        return
    store(publication_entries(publication))
    index_files(_files(publication.deliverable))


def publication_entries(publication: Publication, area: str = "") -> list[SearchEntry]:
    """Return the search entries, unsaved, of the publication.

    `area` is the name of its focus area, which is read from the database if it is not given.
    """
    body = f"{publication.summary}\n\n{plain_blocks(publication.revision.html)}"
    return entries_of(
        kind="publication",
        uuid=publication.deliverable.uuid,
        title=f"{publication.identifier} {publication.title}",
        body="" if publication.is_withdrawn else body,
        url=publication.get_absolute_url(),
        level=Level.PUBLIC,
        # A group that is not named in public gives no filter by group either.
        group_id=publication.deliverable.group_id if publication.group_slug else None,
        at=publication.published_at,
        about=[] if publication.is_withdrawn else about_publication(publication, area),
    )


def about_deliverable(deliverable: Deliverable) -> list[str]:
    """Return the words by which search finds a deliverable besides its own."""
    return [str(deliverable.get_kind_display()), *about(deliverable.group, deliverable.level)]


def about_publication(publication: Publication, area: str = "") -> list[str]:
    """Return the same for a publication, with the authors and organizations that it names."""
    if not area:
        areas = FocusArea.objects.filter(slug=publication.focus_area_slug)
        area = areas.values_list("name", flat=True).first() or ""
    names = [
        author[key]
        for author in publication.authors
        for key in ("name", "organization")
        if author.get(key)
    ]
    return [
        str(publication.get_kind_display()),
        area,
        publication.group_name,
        *dict.fromkeys(names),
    ]


def deliverable_files(stored: Collection[UUID]) -> Iterator[FilePlace]:
    """Yield the places of these files in the deliverables they belong to.

    Locks the deliverables, so that the readers of a file do not change before it is indexed.
    """
    holding = RevisionFile.objects.filter(stored__in=stored).values("revision__deliverable")
    deliverables = Deliverable.objects.filter(pk__in=holding).order_by("pk")
    for deliverable in deliverables.select_related("group__focus_area").select_for_update(
        of=("self",), no_key=True
    ):
        revision = _readable_revision(deliverable)
        if revision is None:
            continue
        for file in revision.files.filter(stored__in=stored):
            yield FilePlace(
                stored_id=file.stored_id,
                name=file.name,
                url=f"{deliverable.get_absolute_url()}#files",
                level=deliverable.level,
                group_id=deliverable.group_id,
                at=deliverable.changed_at,
                about=about_deliverable(deliverable)[1:],
            )


def publication_files(stored: Collection[UUID]) -> Iterator[FilePlace]:
    """Yield the places of these files in the latest versions that are not withdrawn.

    Locks the publications, after `deliverable_files` has locked their deliverables.
    """
    holding = RevisionFile.objects.filter(stored__in=stored).values("revision")
    publications = Publication.objects.filter(
        revision__in=holding, is_latest=True, withdrawn_at=None
    ).order_by("pk")
    for publication in publications.select_related("deliverable").select_for_update(
        of=("self",), no_key=True
    ):
        for file in RevisionFile.objects.filter(
            revision=publication.revision_id, stored__in=stored
        ):
            yield FilePlace(
                stored_id=file.stored_id,
                name=file.name,
                url=f"{publication.get_absolute_url()}#files",
                level=Level.PUBLIC,
                group_id=publication.deliverable.group_id if publication.group_slug else None,
                at=publication.published_at,
                about=about_publication(publication)[1:3],
            )


def _readable_revision(deliverable: Deliverable) -> Revision | None:
    """Return the newest revision that all readers of the deliverable may open."""
    is_wider = deliverable.level < deliverable.group.content_level
    return last_sealed(deliverable) if is_wider else last_revision(deliverable)


def _files(deliverable: Deliverable) -> list[UUID]:
    files = RevisionFile.objects.filter(revision__deliverable=deliverable)
    return list(files.values_list("stored_id", flat=True).distinct())
