"""What groups published, version by version."""

from bench.large.chronicle import Chronicle, Written
from workinggroups.deliverables.actions.indexing import publication_entries
from workinggroups.deliverables.actions.publishing import build_publication, publication_facts
from workinggroups.deliverables.choices import DeliverableState, PublicationAct
from workinggroups.deliverables.models import Publication

REASON = "Two of the tables came from the same run; a corrected version will follow."


def add(chronicle: Chronicle) -> None:
    """In the order of time; each rests on the decision that approved its very revision."""
    made: list[tuple[Written, Publication]] = []
    for one in chronicle.written:
        if one.work.identifier:
            made += [(one, publication) for publication in _versions(chronicle, one)]
    made.sort(key=lambda row: row[1].published_at)
    chronicle.publications = chronicle.save(publication for _one, publication in made)
    for one, publication in made:
        _tell(chronicle, one, publication)


def _versions(chronicle: Chronicle, one: Written) -> list[Publication]:
    found: list[Publication] = []
    for number, (revision, approved_at) in enumerate(one.versions, 1):
        publication = build_publication(
            actor=one.circle.chair,
            deliverable=one.work,
            revision=revision,
            approval=chronicle.approvals[revision.uuid],
            number=f"{number}.0",
            changes="" if number == 1 else "Examples in every section.",
            authorships=one.authorships,
        )
        publication.published_at = chronicle.soon_after(approved_at, 2)
        publication.uuid = chronicle.uuid(publication.published_at)
        publication.is_latest = number == len(one.versions)
        found.append(publication)
    if one.work.state == DeliverableState.WITHDRAWN:
        last = found[-1]
        last.withdrawn_at = chronicle.between(last.published_at, chronicle.now)
        last.withdrawn_by, last.withdrawn_reason = one.circle.chair, REASON
    return found


def _tell(chronicle: Chronicle, one: Written, publication: Publication) -> None:
    at, by = publication.published_at, publication.published_by
    facts = publication_facts(publication)
    chronicle.act(PublicationAct.PUBLISHED, publication, at, by, **facts)
    chronicle.link(publication, "publishes", publication.revision, at, by)
    chronicle.link(publication, "rests_on", publication.approval, at, by)
    if publication.withdrawn_at:
        named = {name: facts[name] for name in ("identifier", "number")}
        chronicle.act(PublicationAct.WITHDRAWN, publication, publication.withdrawn_at, by, **named)
    if publication.is_latest:
        area = one.work.group.focus_area.name
        chronicle.entries += publication_entries(publication, area)
