"""Writing the notes, conflicts between two writers, the history, and items from the notes."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.comparisons.actions import compare_sealed
from common.errors import Conflict
from common.files.responses import made_file
from common.http.form_handling import posted, posted_files, refusals_shown_in, status_of
from common.http.once import once
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from common.text.diff import diff_html
from members.people.models import Person
from members.people.requests import PersonRequest
from workinggroups.groups.actions.guards import require_running
from workinggroups.groups.models import ActionItem
from workinggroups.meetings import actions, attachments, competition, permissions, queries
from workinggroups.meetings.actions.notes import base_source
from workinggroups.meetings.actions.revisions import source_of
from workinggroups.meetings.choices import TextOutcome
from workinggroups.meetings.forms.minutes import SeenForm
from workinggroups.meetings.forms.notes import (
    ActionForm,
    AssignForm,
    ImportForm,
    NotesForm,
    SettleForm,
)
from workinggroups.meetings.markdown_files import markdown_of, read_markdown
from workinggroups.meetings.markers import Marker, MarkerKind
from workinggroups.meetings.merging import merge
from workinggroups.meetings.models import Meeting, NotesRevision
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under, people_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notes_edit(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Edit the whole text. If another person saved first, redirect to a page with both texts."""
    meeting = meeting_of(request, slug, address)
    if not meeting.is_approved:
        permissions.can_write_notes.require(request.viewer, meeting)
    latest = queries.latest_notes(meeting)
    source = latest.source if latest else first_notes(meeting)
    initial = {"source": source, "base": meeting.notes_count}
    form = NotesForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            with refusals_shown_in(form):
                actions.save_notes(actor=request.user, meeting=meeting, **form.cleaned_data)
                messages.success(request, _("Notes saved."))
                return redirect(f"{meeting.get_absolute_url()}#notes")
        except actions.NotesClash as clash:
            return redirect("notes-clash", slug, address, clash.conflict.uuid)
    context = meeting_page(
        request,
        meeting,
        form=form,
        latest=latest,
        agenda=meeting.agenda.all(),
        competition_notice=competition.NOTICE,
    )
    return render(request, "meetings/notes_edit.html", context, status=status_of(form))


def first_notes(meeting: Meeting) -> str:
    """Return a heading for each item of the agenda, with which empty notes begin."""
    return "\n\n".join(f"# {item.position}. {item.title}\n" for item in meeting.agenda.all())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notes_import(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Save a Markdown file as the next revision; where others saved since, show both texts."""
    meeting = meeting_of(request, slug, address)
    if not meeting.is_approved:
        permissions.can_write_notes.require(request.viewer, meeting)
    form = ImportForm(
        posted(request), files=posted_files(request), initial={"base": meeting.notes_count}
    )
    if form.is_valid():
        try:
            with refusals_shown_in(form):
                notes = read_markdown(form.text(), meeting)
                base = form.cleaned_data["base"] if notes.revision is None else notes.revision
                actions.save_notes(
                    actor=request.user, meeting=meeting, base=base, source=notes.source
                )
                messages.success(request, _("Notes saved."))
                return redirect(f"{meeting.get_absolute_url()}#notes")
        except actions.NotesClash as clash:
            return redirect("notes-clash", slug, address, clash.conflict.uuid)
    context = meeting_page(request, meeting, form=form)
    return render(request, "meetings/notes_import.html", context, status=status_of(form))


@require_safe
@login_required
def notes_markdown(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Download the notes, or the approved minutes, as a Markdown file."""
    meeting = meeting_of(request, slug, address)
    notes = meeting.minutes_revision or queries.latest_notes(meeting)
    if notes is None:
        raise Http404
    content = markdown_of(meeting, notes).encode()
    return made_file(request, content, f"{slug}-{address}.md", "text/markdown; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notes_clash(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Show both texts side by side; the page can be left and opened again until the author chooses."""
    meeting = meeting_of(request, slug, address)
    kept = meeting.kept_texts.select_related("author", "meeting__group")
    conflict = get_object_or_404(kept, uuid=uuid)
    if not permissions.can_settle_text(request.viewer, conflict):
        raise Http404
    if conflict.outcome != TextOutcome.OPEN:
        return redirect("notes-history", slug, address)
    latest = queries.latest_notes(meeting)
    base, theirs = base_source(conflict), source_of(latest)
    merged = merge(base, theirs, conflict.source)
    suggested = conflict.source if merged is None else merged
    initial = {"seen": meeting.notes_count, "source": suggested}
    form = SettleForm(posted(request), initial=initial)
    was_overtaken = False
    if form.is_valid():
        try:
            with refusals_shown_in(form):
                actions.settle_text(actor=request.user, conflict=conflict, **form.cleaned_data)
                messages.success(request, _("Notes saved as you chose."))
                return redirect(f"{meeting.get_absolute_url()}#notes")
        except Conflict:
            was_overtaken = True
    context = meeting_page(
        request,
        meeting,
        conflict=conflict,
        latest=latest,
        form=form,
        # Each text with what its writer changed of the text from which both began.
        theirs=diff_html(base, theirs),
        mine=diff_html(base, conflict.source),
        can_merge=merged is not None,
        was_overtaken=was_overtaken,
    )
    # A choice that could not be saved is still a conflict (409); the page itself is not.
    return render(
        request, "meetings/notes_clash.html", context, status=409 if form.is_bound else 200
    )


@require_safe
@login_required
def notes_history(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """List every saved text, latest first, and the texts that could not be saved."""
    meeting = meeting_of(request, slug, address)
    revisions = meeting.notes.select_related("author").defer("source", "html")
    kept = meeting.kept_texts
    conflicts = kept.exclude(outcome=TextOutcome.OPEN).select_related("author")
    context = meeting_page(
        request,
        meeting,
        revisions=page_of(revisions, request.GET.dict(), size=50, by="number"),
        conflicts=conflicts.defer("source"),
        waiting_text=kept.filter(author=request.user, outcome=TextOutcome.OPEN).first(),
    )
    return render(request, "meetings/notes_history.html", context)


@require_safe
@login_required
def notes_revision(request: PersonRequest, slug: str, address: str, revision: int) -> HttpResponse:
    """Show one saved text and its changes since the one before, or since the one in `?against=`."""
    meeting = meeting_of(request, slug, address)
    shown = _revision(meeting, revision)
    against = _compared(meeting, shown, request.GET.get("against", ""))
    changes = compare_sealed(against, shown) if against else ""
    texts = [shown.html, against.html if against else ""]
    context = meeting_page(
        request,
        meeting,
        revision=shown,
        against=against,
        changes=changes,
        is_preparing=changes is None,
        pictures=attachments.pictures_for(meeting, *texts),
        can_restore=permissions.can_restore_notes(request.viewer, meeting)
        and not (meeting.is_cancelled or meeting.is_approved)
        and shown.number != meeting.notes_count,
        form=SeenForm(initial={"seen": meeting.notes_count}),
    )
    return render(request, "meetings/notes_revision.html", context)


@require_safe
@login_required
def notes_conflict(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Show a text that could not be saved and whose author has chosen, with its changes."""
    meeting = meeting_of(request, slug, address)
    settled = meeting.kept_texts.exclude(outcome=TextOutcome.OPEN)
    conflict = get_object_or_404(settled.select_related("author"), uuid=uuid)
    context = meeting_page(
        request,
        meeting,
        conflict=conflict,
        changes=diff_html(base_source(conflict), conflict.source),
    )
    return render(request, "meetings/notes_conflict.html", context)


@require_POST
@login_required
def notes_restore(request: PersonRequest, slug: str, address: str, revision: int) -> HttpResponse:
    """Restore an earlier text as a new revision."""
    meeting = meeting_under(permissions.can_restore_notes, request, slug, address)
    earlier = _revision(meeting, revision)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return redirect("notes-revision", slug, address, revision)
    actions.restore_notes(actor=request.user, revision=earlier, seen=form.cleaned_data["seen"])
    return redirect(f"{meeting.get_absolute_url()}#notes")


def _revision(meeting: Meeting, number: int) -> NotesRevision:
    revision = get_object_or_404(meeting.notes.select_related("author"), number=number)
    revision.meeting = meeting
    return revision


def _compared(meeting: Meeting, shown: NotesRevision, against: str) -> NotesRevision | None:
    number = int(against) if against.isascii() and against.isdigit() and len(against) < 9 else 0
    return meeting.notes.filter(number=number or shown.number - 1).first()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_action(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Add an action item by a form, for people who do not know how to mark a line of the notes."""
    meeting = meeting_of(request, slug, address)
    if not meeting.is_approved:
        permissions.can_write_notes.require(request.viewer, meeting)
    require_running(meeting.group)
    form = ActionForm(posted(request), people=people_of(meeting.group))
    if form.is_valid():
        with refusals_shown_in(form):
            item = actions.record_action(actor=request.user, meeting=meeting, **form.assigned())
            messages.success(request, _added(item))
            return redirect(f"{meeting.get_absolute_url()}#actions")
    context = meeting_page(request, meeting, form=form)
    return render(request, "meetings/action.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_assign(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Assign the action markers whose owner or date was not certain, each in a form of its own."""
    meeting = meeting_of(request, slug, address)
    if not meeting.is_approved:
        permissions.can_write_notes.require(request.viewer, meeting)
    require_running(meeting.group)
    people = people_of(meeting.group)
    bound = AssignForm(request.POST, people=people) if request.method == "POST" else None
    if bound is not None and bound.is_valid() and _assign(request, meeting, bound):
        return redirect("meeting-assign", slug, address)
    in_doubt = queries.markers_in_doubt(meeting, queries.latest_notes(meeting))
    if not in_doubt and bound is None:
        return redirect(f"{meeting.get_absolute_url()}#actions")
    rows = [
        {
            "marker": row.marker,
            "assignment": row.assignment,
            "form": _assign_form(row, bound, people),
        }
        for row in in_doubt
    ]
    context = meeting_page(request, meeting, rows=rows)
    return render(request, "meetings/assign.html", context, status=200 if bound is None else 422)


def _assign(request: PersonRequest, meeting: Meeting, form: AssignForm) -> bool:
    """Add the action item; return False when it was refused, which the form then shows."""
    data = form.cleaned_data
    with refusals_shown_in(form):
        item = actions.assign_marker(
            actor=request.user,
            meeting=meeting,
            marker=Marker(data["number"], MarkerKind.ACTION, data["text"]),
            owners=form.owners(),
            due_on=data["due_on"],
        )
        messages.success(request, _added(item))
    return form.is_valid()


def _added(item: ActionItem) -> str:
    return _("Action item A-%(number)d added.") % {"number": item.number}


def _assign_form(
    row: queries.MarkerInDoubt, bound: AssignForm | None, people: QuerySet[Person]
) -> AssignForm:
    """Return the form of one marker: as it was sent, or with the best guess."""
    if bound is not None and bound.data.get("number") == str(row.marker.number):
        return bound
    named = row.assignment.owners or row.assignment.candidates
    # Without a doubt about who is meant, all of them are suggested; else only the first.
    suggested = [person.uuid for person in row.assignment.owners or named[:1]]
    form = AssignForm(
        people=people,
        auto_id=f"id_{row.marker.number}_%s",
        initial={
            "text": row.marker.text,
            "number": row.marker.number,
            "due_on": row.assignment.due_on,
            "owner": suggested[0] if suggested else None,
            "others": suggested[1:],
        },
    )
    form.offer_others(people.filter(pk__in=[person.pk for person in named]))
    return form
