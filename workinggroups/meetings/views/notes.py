"""Writing the notes, the conflict of two writers, and the history."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.comparisons.actions import compare_sealed
from common.errors import Conflict
from common.http.form_handling import attempt, posted, status_of
from common.http.once import once
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from common.text.diff import diff_html
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, attachments, competition, permissions, queries
from workinggroups.meetings.actions.notes import base_source
from workinggroups.meetings.choices import TextOutcome
from workinggroups.meetings.forms import ActionForm, AssignForm, NotesForm, SeenForm, SettleForm
from workinggroups.meetings.lines import LineKind, MarkedLine
from workinggroups.meetings.merging import merge
from workinggroups.meetings.models import Meeting, NotesConflict, NotesRevision
from workinggroups.meetings.views.fetch import meeting_of, page, people_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notes_edit(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The whole text to write in; whoever saves second is shown both texts and loses none."""
    meeting = meeting_of(request, slug, number)
    if not meeting.is_approved:
        permissions.can_write_notes.require(request.viewer, meeting)
    latest = queries.latest_notes(meeting)
    initial = {
        "source": latest.source if latest else _skeleton(meeting),
        "base": meeting.notes_count,
    }
    form = NotesForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            saved = attempt(
                form,
                lambda: actions.save_notes(
                    actor=request.user, meeting=meeting, **form.cleaned_data
                ),
            )
        except actions.NotesClash as clash:
            return redirect("notes-clash", slug, number, clash.conflict.uuid)
        if saved is not None:
            messages.success(request, _("The notes are saved."))
            return redirect(f"{meeting.get_absolute_url()}#notes")
    context = page(
        request,
        meeting.group,
        meeting=meeting,
        form=form,
        latest=latest,
        agenda=meeting.agenda.all(),
        competition_notice=competition.NOTICE,
    )
    return render(request, "meetings/notes_edit.html", context, status=status_of(form))


def _skeleton(meeting: Meeting) -> str:
    """An empty page begins with a heading for each item of the agenda."""
    return "\n\n".join(f"# {item.position}. {item.title}\n" for item in meeting.agenda.all())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notes_clash(request: PersonRequest, slug: str, number: int, uuid: UUID) -> HttpResponse:
    """Both texts side by side; the page can be left and found again until its author chooses."""
    meeting = meeting_of(request, slug, number)
    conflict = (
        meeting.kept_texts.select_related("author", "meeting__group").filter(uuid=uuid).first()
    )
    if conflict is None or not permissions.can_settle_text(request.viewer, conflict):
        raise Http404
    if conflict.outcome != TextOutcome.OPEN:
        return redirect("notes-history", slug, number)
    latest = queries.latest_notes(meeting)
    merged = merge(base_source(conflict), latest.source if latest else "", conflict.source)
    form = SettleForm(
        posted(request),
        initial={
            "seen": meeting.notes_count,
            "source": conflict.source if merged is None else merged,
        },
    )
    was_overtaken = False
    if form.is_valid():
        try:
            settled = attempt(
                form,
                lambda: actions.settle_text(
                    actor=request.user, conflict=conflict, **form.cleaned_data
                ),
            )
        except Conflict:
            was_overtaken, settled = True, None
        if settled is not None:
            messages.success(request, _("The notes stand as you chose."))
            return redirect(f"{meeting.get_absolute_url()}#notes")
    context = page(
        request, meeting.group, meeting=meeting, conflict=conflict, latest=latest, form=form
    )
    context |= _both_texts(conflict, latest, merged)
    context["was_overtaken"] = was_overtaken
    # Asked for, the page is an answer like any other; sent and overtaken, the conflict stands.
    return render(
        request, "meetings/notes_clash.html", context, status=409 if form.is_bound else 200
    )


def _both_texts(
    conflict: NotesConflict, latest: NotesRevision | None, merged: str | None
) -> dict[str, Any]:
    """Each text with what its writer changed, seen from the text that both began from."""
    base = base_source(conflict)
    return {
        "theirs": diff_html(base, latest.source if latest else ""),
        "mine": diff_html(base, conflict.source),
        "can_merge": merged is not None,
    }


@require_safe
@login_required
def notes_history(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Every saved text, latest first, and the texts that met another's save."""
    meeting = meeting_of(request, slug, number)
    revisions = meeting.notes.select_related("author").defer("source", "html")
    conflicts = meeting.kept_texts.exclude(outcome=TextOutcome.OPEN).select_related("author")
    context = page(
        request,
        meeting.group,
        meeting=meeting,
        revisions=page_of(revisions, request.GET.dict(), size=50, by="number"),
        conflicts=conflicts.defer("source"),
        waiting_text=meeting.kept_texts.filter(
            author=request.user, outcome=TextOutcome.OPEN
        ).first(),
    )
    return render(request, "meetings/notes_history.html", context)


@require_safe
@login_required
def notes_revision(request: PersonRequest, slug: str, number: int, revision: int) -> HttpResponse:
    """One saved text, and what it changed of another: the one before, unless `against` names one."""
    meeting = meeting_of(request, slug, number)
    found = _revision(meeting, revision)
    against = _compared(meeting, found, request.GET.get("against", ""))
    changes = compare_sealed(against, found) if against else ""
    texts = [found.html, against.html if against else ""]
    context = page(
        request,
        meeting.group,
        meeting=meeting,
        revision=found,
        against=against,
        changes=changes,
        is_preparing=changes is None,
        pictures=attachments.pictures_for(meeting, *texts),
        can_restore=permissions.can_restore_notes(request.viewer, meeting)
        and not (meeting.is_cancelled or meeting.is_approved)
        and found.number != meeting.notes_count,
        form=SeenForm(initial={"seen": meeting.notes_count}),
    )
    return render(request, "meetings/notes_revision.html", context)


@require_safe
@login_required
def notes_kept(request: PersonRequest, slug: str, number: int, uuid: UUID) -> HttpResponse:
    """A text that met another's save and was settled, with what it had changed."""
    meeting = meeting_of(request, slug, number)
    settled = meeting.kept_texts.exclude(outcome=TextOutcome.OPEN)
    conflict = settled.select_related("author").filter(uuid=uuid).first()
    if conflict is None:
        raise Http404
    context = page(
        request,
        meeting.group,
        meeting=meeting,
        conflict=conflict,
        changes=diff_html(base_source(conflict), conflict.source),
    )
    return render(request, "meetings/notes_kept.html", context)


@require_POST
@login_required
def notes_restore(request: PersonRequest, slug: str, number: int, revision: int) -> HttpResponse:
    """An earlier text stands again, as a new revision."""
    meeting = meeting_of(request, slug, number)
    permissions.can_restore_notes.require(request.viewer, meeting)
    found = _revision(meeting, revision)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return redirect("notes-revision", slug, number, revision)
    actions.restore_notes(actor=request.user, revision=found, seen=form.cleaned_data["seen"])
    return redirect(f"{meeting.get_absolute_url()}#notes")


def _revision(meeting: Meeting, number: int) -> NotesRevision:
    found = meeting.notes.select_related("author").filter(number=number).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def _compared(meeting: Meeting, found: NotesRevision, against: str) -> NotesRevision | None:
    number = int(against) if against.isascii() and against.isdigit() and len(against) < 9 else 0
    return meeting.notes.filter(number=number or found.number - 1).first()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_action(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """An action item by a plain form, for those who do not know how a line is marked."""
    meeting = meeting_of(request, slug, number)
    if not meeting.is_approved:
        permissions.can_record_action.require(request.viewer, meeting)
    form = ActionForm(posted(request), people=people_of(meeting.group))
    if form.is_valid():
        item = attempt(
            form,
            lambda: actions.record_action(actor=request.user, meeting=meeting, **form.cleaned_data),
        )
        if item is not None:
            messages.success(request, _("A-%(number)d is recorded.") % {"number": item.number})
            return redirect(f"{meeting.get_absolute_url()}#actions")
    context = page(request, meeting.group, meeting=meeting, form=form)
    return render(request, "meetings/action.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_assign(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The marked lines whose owner or date was not certain, each with a form of its own."""
    meeting = meeting_of(request, slug, number)
    if not meeting.is_approved:
        permissions.can_record_action.require(request.viewer, meeting)
    people = people_of(meeting.group)
    bound = AssignForm(request.POST, people=people) if request.method == "POST" else None
    if bound is not None and bound.is_valid() and _assign(request, meeting, bound):
        return redirect("meeting-assign", slug, number)
    waiting = queries.waiting_lines(meeting, queries.latest_notes(meeting))
    if not waiting and bound is None:
        return redirect(f"{meeting.get_absolute_url()}#actions")
    rows = [{"waiting": row, "form": _form_of(row, bound, people)} for row in waiting]
    context = page(request, meeting.group, meeting=meeting, rows=rows)
    return render(request, "meetings/assign.html", context, status=200 if bound is None else 422)


def _assign(request: PersonRequest, meeting: Meeting, form: AssignForm) -> bool:
    data = form.cleaned_data
    line = MarkedLine(data["number"], LineKind.ACTION, data["text"])
    item = attempt(
        form,
        lambda: actions.assign_line(
            actor=request.user,
            meeting=meeting,
            line=line,
            owner=data["owner"],
            due_on=data["due_on"],
        ),
    )
    if item is not None:
        messages.success(request, _("A-%(number)d is recorded.") % {"number": item.number})
    return item is not None


def _form_of(row: queries.WaitingLine, bound: AssignForm | None, people: Any) -> AssignForm:
    """The form of one line: as it was sent, if it was this one, else with the best guess."""
    if bound is not None and bound.data.get("number") == str(row.line.number):
        return bound
    candidates = row.said.owners or row.said.candidates
    return AssignForm(
        people=people,
        auto_id=f"id_{row.line.number}_%s",
        initial={
            "text": row.line.text,
            "number": row.line.number,
            "due_on": row.said.due_on,
            "owner": candidates[0].uuid if candidates else None,
        },
    )
