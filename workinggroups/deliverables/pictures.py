"""What the texts of a deliverable show of the files attached to them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse

from common.access import Viewer
from common.files.pictures import pictures_of
from common.text.figures import Picture, has_figures
from workinggroups.deliverables.models import Deliverable, Publication, Revision, RevisionFile

Address = Callable[[str, str], str]


def in_revision(
    deliverable: Deliverable,
    revision: Revision,
    *texts: str,
    files: list[RevisionFile] | None = None,
) -> dict[str, Picture]:
    """Return what is attached to the revision, by name, for readers of its group's pages.

    `texts` are the texts to be shown: where none has a picture, nothing is asked of the database.
    """
    arguments = (deliverable.group.slug, deliverable.number, revision.number)

    def address(route: str, name: str) -> str:
        return reverse(f"revision-{route}", args=[*arguments, name])

    return _attached(revision, texts, files, address)


def at_address(viewer: Viewer, arguments: Mapping[str, Any]) -> Mapping[str, Picture]:
    """What the text can show that is written at an address with these arguments."""
    works = Deliverable.objects.visible_to(viewer).select_related("group")
    work = works.filter(group__slug=arguments["slug"], number=arguments["number"]).first()
    readable = Revision.objects.visible_to(viewer).filter(deliverable=work)
    if number := arguments.get("revision"):
        readable = readable.filter(number=number)
    revision = readable.order_by("-number").first() if work else None
    if work is None or revision is None:
        return {}
    return in_revision(work, revision, files=list(revision.files.select_related("stored__picture")))


def in_publication(
    publication: Publication, *texts: str, files: list[RevisionFile] | None = None
) -> dict[str, Picture]:
    """Return what is attached to the published revision, by name, for everybody."""

    def address(route: str, name: str) -> str:
        return reverse(
            f"publication-{route}", args=[publication.identifier, publication.number, name]
        )

    return _attached(publication.revision, texts, files, address)


def _attached(
    revision: Revision,
    texts: Iterable[str],
    files: list[RevisionFile] | None,
    address: Address,
) -> dict[str, Picture]:
    if files is None:
        if not any(has_figures(text) for text in texts):
            return {}
        files = list(revision.files.select_related("stored__picture"))
    addresses = {
        file.name: (address("figure", file.name), address("file", file.name)) for file in files
    }
    return pictures_of(((file.name, file.stored) for file in files), addresses)
