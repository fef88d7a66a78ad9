"""The pictures that the texts of a deliverable can show: files of the same revision."""

from collections.abc import Callable, Iterable, Mapping

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
    """Return the pictures of the revision by name, with addresses among the group's pages.

    `texts` are the texts to be shown; if none has a picture, this makes no query.
    """
    arguments = (deliverable.group.slug, deliverable.number, revision.number)

    def address(route: str, name: str) -> str:
        return reverse(f"revision-{route}", args=[*arguments, name])

    return _attached(revision, texts, files, address)


def at_address(viewer: Viewer, arguments: Mapping[str, object]) -> Mapping[str, Picture]:
    """Return the pictures for a text written at the address with these arguments."""
    revisions = (
        Revision.objects.visible_to(viewer)
        .filter(
            deliverable__group__slug=str(arguments["slug"]),
            deliverable__number=str(arguments["number"]),
        )
        .select_related("deliverable__group")
    )
    if number := arguments.get("revision"):
        revisions = revisions.filter(number=str(number))
    revision = revisions.order_by("-number").first()
    if revision is None:
        return {}
    files = list(revision.files.select_related("stored__picture"))
    return in_revision(revision.deliverable, revision, files=files)


def in_publication(
    publication: Publication, *texts: str, files: list[RevisionFile] | None = None
) -> dict[str, Picture]:
    """Return the pictures of the published revision by name, with public addresses."""

    def address(route: str, name: str) -> str:
        return reverse(
            f"publication-{route}", args=[publication.identifier, publication.number, name]
        )

    return _attached(publication.revision, texts, files, address)


def _attached(
    revision: Revision, texts: Iterable[str], files: list[RevisionFile] | None, address: Address
) -> dict[str, Picture]:
    if files is None:
        if not any(has_figures(text) for text in texts):
            return {}
        files = list(revision.files.select_related("stored__picture"))
    addresses = {
        file.name: (address("figure", file.name), address("file", file.name)) for file in files
    }
    return pictures_of(((file.name, file.stored) for file in files), addresses)
