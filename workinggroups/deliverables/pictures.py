"""What the texts of a deliverable show of the files attached to them."""

from collections.abc import Callable, Iterable

from django.urls import reverse

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
    if not any(has_figures(text) for text in texts):
        return {}
    if files is None:
        files = list(revision.files.select_related("stored__picture"))
    addresses = {
        file.name: (address("figure", file.name), address("file", file.name)) for file in files
    }
    return pictures_of(((file.name, file.stored) for file in files), addresses)
