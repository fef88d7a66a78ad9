"""What search knows of deliverables and publications, kept in the transaction of each act."""

from common.access import Level
from common.search.actions import index
from common.text.markdown import plain
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.deliverables.queries import last_revision, last_sealed


def index_deliverable(deliverable: Deliverable) -> None:
    """Search finds the deliverable by title, summary and the text its readers may open.

    In a review that reaches further than the group, that is the sealed text alone.
    """
    is_wider = deliverable.level < deliverable.group.content_level
    revision = last_sealed(deliverable) if is_wider else last_revision(deliverable)
    text = plain(revision.html) if revision else ""
    index(
        kind="deliverable",
        uuid=deliverable.uuid,
        title=deliverable.title,
        body=f"{deliverable.summary} {text}",
        url=deliverable.get_absolute_url(),
        level=deliverable.level,
        group_id=deliverable.group_id,
        at=deliverable.changed_at,
    )


def index_publication(publication: Publication) -> None:
    """Everybody finds the latest version of a published work; a withdrawn one by its title only."""
    if not publication.is_latest:
        return
    body = "" if publication.is_withdrawn else _words(publication)
    index(
        kind="publication",
        uuid=publication.deliverable.uuid,
        title=f"{publication.identifier} {publication.title}",
        body=body,
        url=publication.get_absolute_url(),
        level=Level.PUBLIC,
        # The number of a group that is not named in public is not told either.
        group_id=publication.deliverable.group_id if publication.group_slug else None,
        at=publication.published_at,
    )


def _words(publication: Publication) -> str:
    names = " ".join(author["name"] for author in publication.authors)
    return f"{publication.summary} {names} {plain(publication.revision.html)}"
