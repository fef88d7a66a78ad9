"""What groups write: deliverables with their revisions, authors and comments."""

from datetime import datetime, timedelta

from bench.large import texts
from bench.large.chronicle import Chronicle, Circle, Place, Written
from common.access import Level
from common.text.rendered import html_fields
from common.times import since
from workinggroups.deliverables.actions.drafting import seal_facts, set_seal
from workinggroups.deliverables.actions.indexing import deliverable_entries
from workinggroups.deliverables.choices import (
    CommentAct,
    CommentState,
    DeliverableAct,
    DeliverableKind,
    DeliverableState,
    RevisionAct,
)
from workinggroups.deliverables.models import (
    Authorship,
    Deliverable,
    Editorship,
    ReviewComment,
    Revision,
    Series,
)
from workinggroups.groups.choices import GroupState

S = DeliverableState
STATES = [S.DRAFT] * 7 + [S.REVIEW] * 2 + [S.PUBLISHED] * 8
STATES += [S.APPROVED, S.WITHDRAWN, S.DROPPED]
# Those whose last revision a decision approves.
APPROVED = (S.APPROVED, S.PUBLISHED, S.WITHDRAWN)
MOST_REVISIONS = 16
SECTIONS = 5


def add(chronicle: Chronicle) -> None:
    written = chronicle.written = _shared_out(chronicle)
    _identify(written)
    chronicle.save([one.work for one in written], 0.1)
    chronicle.save([row for one in written for row in one.revisions], 0.7)
    chronicle.save([row for one in written for row in one.editorships], 0.8)
    chronicle.save([row for one in written for row in one.authorships], 0.9)
    chronicle.save([row for one in written for row in one.comments])
    for one in written:
        _index(chronicle, one)


def _shared_out(chronicle: Chronicle) -> list[Written]:
    """The first work takes the many revisions; the others share what is left of all."""
    sizes = chronicle.sizes
    left = sizes.revisions - sizes.many_revisions
    writing = [one for one in chronicle.circles if one.group.state != GroupState.FORMING]
    numbers = dict.fromkeys((one.group.pk for one in writing), 0)
    pool = texts.posts(chronicle.dice, 60)
    made: list[Written] = []

    def begin(circle: Circle, count: int, state: DeliverableState) -> None:
        numbers[circle.group.pk] += 1
        made.append(_write(chronicle, circle, numbers[circle.group.pk], count, state, pool))

    begin(chronicle.usual, sizes.many_revisions, S.PUBLISHED)
    # The publication that the bench reads, whatever the dice say.
    begin(chronicle.usual, min(4, max(left, 1)), S.PUBLISHED)
    left -= len(made[-1].revisions)
    while left > 0:
        circle = chronicle.dice.choice(writing)
        count = min(chronicle.dice.randint(2, MOST_REVISIONS), left)
        begin(circle, count, _state(chronicle, circle))
        left -= count
    return made


def _state(chronicle: Chronicle, circle: Circle) -> DeliverableState:
    """What is in review when its group ends is dropped."""
    state = chronicle.dice.choice(STATES)
    is_over = circle.group.state == GroupState.CONCLUDED
    return S.DROPPED if is_over and state in (S.DRAFT, S.REVIEW, S.APPROVED) else state


def _write(
    chronicle: Chronicle,
    circle: Circle,
    number: int,
    count: int,
    state: DeliverableState,
    pool: list[texts.Text],
) -> Written:
    dice = chronicle.dice
    team = chronicle.some(circle.writers, dice.randint(1, 3))
    began = chronicle.between(
        max([circle.began, *(place.since for place in team)]), circle.until - timedelta(hours=1)
    )
    lead = team[0].person
    subject = circle.group.name.partition(":")[0]
    work = Deliverable(
        uuid=chronicle.uuid(began),
        group=circle.group,
        level=circle.group.content_level,
        number=number,
        kind=dice.choice(list(DeliverableKind)),
        title=f"{dice.choice(texts.WORKS)} for {subject.lower()}, part {number}",
        summary=texts.paragraph(dice, 2),
        state=state,
        licence=dice.choice(("CC-BY-4.0", "CC-BY-4.0", "Apache-2.0")),
        created_by=lead,
        created_at=began,
        version=count,
    )
    facts = {"group": circle.group.uuid, "number": number}
    chronicle.act(DeliverableAct.CREATED, work, began, lead, **facts)
    one = Written(circle, work)
    _people(one, team, began)
    _revise(chronicle, one, team, count, began)
    _review(chronicle, one, pool)
    return one


def _people(one: Written, team: list[Place], began: datetime) -> None:
    for position, place in enumerate(team, 1):
        one.authorships.append(
            Authorship(
                deliverable=one.work,
                person=place.person,
                organization=place.organization,
                position=position,
            )
        )
    one.editorships = [
        Editorship(deliverable=one.work, person=place.person, during=since(began))
        for place in team[:2]
    ]


def _revise(
    chronicle: Chronicle, one: Written, team: list[Place], count: int, began: datetime
) -> None:
    """One section changes from each revision to the next; all but an open draft are sealed."""
    dice, work = chronicle.dice, one.work
    parts = texts.sections(dice, SECTIONS)
    step = (one.circle.until - began) / (count + 1)
    for number in range(1, count + 1):
        at = chronicle.between(began + step * (number - 1), began + step * number)
        parts[dice.randrange(SECTIONS)] = texts.sections(dice, 1)[0]
        text = texts.rendered("\n\n".join([f"# {work.title}", *parts]))
        revision = Revision(
            uuid=chronicle.uuid(at),
            deliverable=work,
            number=number,
            source=text.source,
            **html_fields(text.html),
            changes="" if number == 1 else dice.choice(texts.MATTERS),
            author=dice.choice(team).person,
            created_at=at,
            edited_at=at,
        )
        work.changed_at = at
        if number < count or work.state not in (S.DRAFT, S.DROPPED):
            _seal(chronicle, one, revision, at)
        one.revisions.append(revision)


def _seal(chronicle: Chronicle, one: Written, revision: Revision, at: datetime) -> None:
    set_seal(revision, [], at)
    chronicle.act(
        RevisionAct.SEALED, revision, at, revision.author, **seal_facts(one.work, revision)
    )
    chronicle.link(revision, "revision_of", one.work, at, revision.author)


def _review(chronicle: Chronicle, one: Written, pool: list[texts.Text]) -> None:
    """Comments on the revision in review, and on what was approved after one."""
    work, circle, revision = one.work, one.circle, one.revisions[-1]
    if work.state == S.DROPPED:
        chronicle.act(DeliverableAct.DROPPED, work, work.changed_at, circle.chair)
    if work.state not in (S.REVIEW, *APPROVED):
        return
    opened = revision.created_at
    until = (opened + timedelta(days=30)).date()
    if work.state == S.REVIEW:
        until = (chronicle.now + timedelta(days=chronicle.dice.randint(-5, 25))).date()
        work.review_until = until
        # Some let the whole alliance read and comment for the time of the review.
        if not circle.group.is_secret and chronicle.happens(0.4):
            work.level = Level.ALLIANCE
    facts = {"revision": revision.number, "until": until}
    chronicle.act(DeliverableAct.REVIEW_OPENED, work, opened, circle.chair, **facts)
    said = chronicle.some(circle.writers, chronicle.dice.randint(0, 4))
    for number, place in enumerate(said, 1):
        one.comments.append(_comment(chronicle, one, revision, number, place, pool))
    if work.state in APPROVED:
        _approve(chronicle, one)


def _approve(chronicle: Chronicle, one: Written) -> None:
    """The last revision; and some works were published before, with another one."""
    revisions = one.revisions
    if one.work.state != S.APPROVED and len(revisions) > 3 and chronicle.happens(0.4):
        place = len(revisions) // 2
        earlier, after = revisions[place - 1], revisions[place]
        one.versions.append((earlier, chronicle.between(earlier.created_at, after.created_at)))
    at = chronicle.between(revisions[-1].created_at, one.circle.until)
    at = max([at, *(row.answered_at for row in one.comments if row.answered_at)])
    one.versions.append((revisions[-1], at))
    one.work.changed_at = at


def _identify(written: list[Written]) -> None:
    """Works have their identifiers in the order in which they were first published."""
    published = [one for one in written if one.work.state in (S.PUBLISHED, S.WITHDRAWN)]
    published.sort(key=lambda one: one.versions[0][1])
    series = {one.kind: one for one in Series.objects.all()}
    for one in published:
        kind = one.work.kind
        own = series.setdefault(kind, Series(kind=kind))
        own.last += 1
        one.work.identifier = str(own)
    Series.objects.bulk_create(
        series.values(),
        update_conflicts=True,
        unique_fields=["kind"],
        update_fields=["last"],
    )


def _comment(
    chronicle: Chronicle,
    one: Written,
    revision: Revision,
    number: int,
    place: Place,
    pool: list[texts.Text],
) -> ReviewComment:
    at = chronicle.soon_after(max(revision.created_at, place.since), 4)
    text = chronicle.dice.choice(pool)
    comment = ReviewComment(
        uuid=chronicle.uuid(at),
        revision=revision,
        number=number,
        author=place.person,
        organization=place.organization,
        source=text.source,
        **html_fields(text.html),
        created_at=at,
    )
    chronicle.link(comment, "on", revision, at, place.person)
    if one.work.state in APPROVED or chronicle.happens(0.4):
        answers = (CommentState.ACCEPTED, CommentState.PARTLY, CommentState.REJECTED)
        comment.state, comment.answer = chronicle.dice.choice(
            list(zip(answers, texts.ANSWERS, strict=True))
        )
        comment.answered_by = one.editorships[0].person
        comment.answered_at = chronicle.soon_after(at, 4)
        chronicle.act(
            CommentAct.ANSWERED,
            comment,
            comment.answered_at,
            comment.answered_by,
            disposition=comment.state.value,
            revision=revision.uuid,
        )
    return comment


def _index(chronicle: Chronicle, one: Written) -> None:
    """As `index_deliverable` does: guests of a review find what they may read."""
    work = one.work
    is_wider = work.level < work.group.content_level
    texts_seen = [row for row in one.revisions if row.sealed_at] if is_wider else one.revisions
    chronicle.entries += deliverable_entries(work, texts_seen[-1] if texts_seen else None)
