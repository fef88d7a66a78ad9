"""The register of a group and the pages that add to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Invalid
from common.http.form_handling import add_refusal, posted, posted_files, status_of
from common.http.once import once
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.decisions import subjects
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.attachments import DECISION
from workinggroups.decisions.choices import COUNTED_SHARE, TITLE_MAX_CHARACTERS, DecisionState
from workinggroups.decisions.forms import DecisionForm
from workinggroups.decisions.lines import find_line
from workinggroups.decisions.models import Decision
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries import latest_day, meetings_begun
from workinggroups.groups.choices import CharterState
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_adopt_charter
from workinggroups.meetings.models import Meeting


@require_safe
@login_required
def register(request: PersonRequest, slug: str) -> HttpResponse:
    """Everything the group decided, the newest first; only what stands, or all of it."""
    group = group_of_member_space(request, slug)
    decisions: Any = Decision.objects.visible_to(request.viewer).filter(group=group)
    is_whole = request.GET.get("show") == "all"
    listed = decisions if is_whole else decisions.standing()
    context = {
        **group_page_context(request, group, "decisions"),
        "page": page_of(listed.select_related("replaced_by"), request.GET, by="number"),
        "is_whole": is_whole,
        "can_record": can_record(request.viewer, group),
    }
    return render(request, "decisions/register.html", context)


@require_safe
@login_required
def decision(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """One decision: what, by which method and counts, who disagreed, and what it belongs to."""
    group = group_of_member_space(request, slug)
    found = _decision(request, group, number)
    visible = Decision.objects.visible_to(request.viewer)
    attached = attached_to(group, {DECISION: [found.uuid]})
    context = {
        **group_page_context(request, group, "decisions"),
        "decision": found,
        "threshold": COUNTED_SHARE.get(found.method),
        "subject": subjects.described(found.subject_kind, found.subject_uuid, request.viewer),
        "meeting": _meeting_of(request, found),
        "attachments": attached,
        "pictures": pictures_in(attached),
        "attach_url": reverse("attachments", args=[group.slug, DECISION, found.uuid]),
        "replaced": list(visible.filter(replaced_by=found)),
        "can_replace": can_record(request.viewer, group) and found.state == DecisionState.STANDING,
    }
    return render(request, "decisions/decision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def record(request: PersonRequest, slug: str) -> HttpResponse:
    """A decision is written into the register; `?meeting=` and `?line=` come from the minutes."""
    group = group_of_member_space(request, slug)
    return _record(request, group, {})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def supersede(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """A new decision takes the place of an older one."""
    group = group_of_member_space(request, slug)
    return _record(request, group, {"replaces": _decision(request, group, number)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def rescind(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """A new decision takes an older one back."""
    group = group_of_member_space(request, slug)
    older = _decision(request, group, number)
    return _record(request, group, {"replaces": older, "rescinds": True})


def _record(request: PersonRequest, group: Group, act: dict[str, Any]) -> HttpResponse:
    can_record.require(request.viewer, group)
    charters = group.charters.none()
    if can_adopt_charter(request.viewer, group):
        charters = group.charters.filter(state=CharterState.DRAFT)
    form = DecisionForm(
        posted(request),
        files=posted_files(request),
        initial=_initial(request, group, act),
        meetings=meetings_begun(group),
        zone=request.user.zone,
        charters=charters,
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            recorded = record_decision(
                actor=request.user,
                group=group,
                title=data["title"],
                source=data["source"],
                files=data["attachments"],
                line=data["source_line"] and find_line(data["meeting"], data["source_line"]),
                charter_version=data.get("charter_version"),
                **form.result(),
                **act,
            )
        except Invalid as error:
            add_refusal(form, error)
        else:
            facts = {"number": recorded.number}
            messages.success(request, _("D-%(number)d stands in the register.") % facts)
            return redirect(recorded)
    context = {**group_page_context(request, group, "decisions"), "form": form, **act}
    return render(request, "decisions/record.html", context, status=status_of(form))


def _decision(request: PersonRequest, group: Group, number: int) -> Decision:
    visible = Decision.objects.visible_to(request.viewer)
    found: Decision | None = (
        visible.filter(group=group, number=number)
        .select_related("group", "charter_version", "replaced_by", "recorded_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _meeting_of(request: PersonRequest, found: Decision) -> Meeting | None:
    """Where it was decided. A meeting of the time when the group wrote for itself stays its own."""
    if found.meeting_id is None:
        return None
    seen = Meeting.objects.visible_to(request.viewer).select_related("group")
    return seen.filter(pk=found.meeting_id).first()


def _initial(request: PersonRequest, group: Group, act: dict[str, Any]) -> dict[str, Any]:
    """What the form knows before anybody types."""
    initial: dict[str, Any] = {}
    number = request.GET.get("meeting", "")
    if number.isascii() and number.isdigit() and len(number) < 7:
        meeting = Meeting.objects.visible_to(request.viewer).filter(group=group, number=number)
        if found := meeting.first():
            # Notes may begin before the meeting does; a decision is never of a day to come.
            day = min(found.local_date, latest_day(request.user, found))
            initial |= {"meeting": found, "decided_on": day}
            line = find_line(found, request.GET.get("line", ""))
            if line:
                initial |= {"title": line.line.text[:TITLE_MAX_CHARACTERS], "source_line": line.key}
    if act.get("rescinds"):
        initial["title"] = (_("Take back: %(title)s") % {"title": act["replaces"].title})[:200]
    return initial
