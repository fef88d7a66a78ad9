"""The register of a group's decisions, and the pages that add to it."""

from typing import TypedDict, Unpack

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.http.form_handling import posted, posted_files, refusals_shown_in, status_of
from common.http.once import once
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.decisions import subjects
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.attachments import DECISION
from workinggroups.decisions.choices import (
    COUNTED_SHARE,
    TITLE_MAX_CHARACTERS,
    DecisionState,
    Outcome,
)
from workinggroups.decisions.forms.decisions import DecisionForm
from workinggroups.decisions.markers import find_marker
from workinggroups.decisions.models import Decision, DecisionQuerySet
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries.decisions import latest_day, meetings_begun, usual_unit
from workinggroups.groups.choices import CharterState
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_adopt_charter
from workinggroups.meetings.addresses import is_meeting_address
from workinggroups.meetings.choices import DISCUSSED_A_PAGE
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.views.fetch import discussed_shown


@require_safe
@login_required
def register(request: PersonRequest, slug: str) -> HttpResponse:
    """List the decisions in force, newest first, or with `?show=` the rejected ones or all."""
    group = group_of_member_space(request, slug)
    decisions: DecisionQuerySet = Decision.objects.visible_to(request.viewer).filter(group=group)
    match shown := request.GET.get("show", ""):
        case "all":
            listed = decisions
        case "rejected":
            listed = decisions.filter(outcome=Outcome.REJECTED)
        case _other:
            shown, listed = "", decisions.standing()
    context = {
        **group_page_context(request, group, "decisions"),
        "page": page_of(listed.select_related("replaced_by"), request.GET, by="number"),
        "shown": shown,
        "filters": [
            ("", _("In force")),
            ("rejected", _("Rejected")),
            ("all", _("All decisions")),
        ],
        "can_record": can_record(request.viewer, group),
    }
    return render(request, "decisions/register.html", context)


@require_safe
@login_required
def decision(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Show one decision: its words, method, counts and dissent, and what it belongs to."""
    group = group_of_member_space(request, slug)
    decision = _decision(request, group, number)
    visible = Decision.objects.visible_to(request.viewer)
    attached = attached_to(group, {DECISION: [decision.uuid]})
    context = {
        **group_page_context(request, group, "decisions"),
        "decision": decision,
        "threshold": COUNTED_SHARE.get(decision.method),
        "subject": subjects.described(decision.subject_kind, decision.subject_uuid, request.viewer),
        "meeting": _meeting_of(request, decision),
        "attachments": attached,
        "pictures": pictures_in(attached),
        "attach_url": reverse("attachments", args=[group.slug, DECISION, decision.uuid]),
        "discussed": discussed_shown(request, [("decision", decision.uuid)]),
        "discussed_url": reverse("decision-meetings", args=[group.slug, decision.number]),
        "replaced": list(visible.filter(replaced_by=decision)),
        "can_replace": can_record(request.viewer, group)
        and decision.state == DecisionState.STANDING,
    }
    return render(request, "decisions/decision.html", context)


@require_safe
@login_required
def decision_meetings(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """List all meetings that had the decision on their agenda, the latest first."""
    group = group_of_member_space(request, slug)
    decision = _decision(request, group, number)
    refs, before = [("decision", decision.uuid)], request.GET.get("before", "")
    context = {
        **group_page_context(request, group, "decisions"),
        "decision": decision,
        "discussed": discussed_shown(request, refs, before=before, size=DISCUSSED_A_PAGE),
    }
    return render(request, "decisions/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def record(request: PersonRequest, slug: str) -> HttpResponse:
    """Record a decision; `?meeting=` and `?line=` name its marker in the notes of a meeting."""
    group = group_of_member_space(request, slug)
    return _record(request, group)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def supersede(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Record a decision that replaces an older one."""
    group = group_of_member_space(request, slug)
    return _record(request, group, replaces=_decision(request, group, number))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def rescind(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Record a decision that rescinds an older one."""
    group = group_of_member_space(request, slug)
    return _record(request, group, replaces=_decision(request, group, number), rescinds=True)


class Replacement(TypedDict, total=False):
    """The older decision, and whether the new one rescinds it or only replaces it."""

    replaces: Decision
    rescinds: bool


def _record(
    request: PersonRequest, group: Group, **replacement: Unpack[Replacement]
) -> HttpResponse:
    can_record.require(request.viewer, group)
    charters = group.charters.none()
    if can_adopt_charter(request.viewer, group):
        charters = group.charters.filter(state=CharterState.DRAFT)
    named = request.POST.get("meeting") or request.GET.get("meeting", "")
    form = DecisionForm(
        posted(request),
        files=posted_files(request),
        initial=_initial(request, group, replacement),
        meetings=meetings_begun(group, named=named),
        zone=request.user.zone,
        unit=usual_unit(group),
        charters=charters,
        is_replacement="replaces" in replacement,
    )
    if form.is_valid():
        data = form.cleaned_data
        with refusals_shown_in(form):
            recorded = record_decision(
                actor=request.user,
                group=group,
                title=data["title"],
                source=data["source"],
                files=data["attachments"],
                marker=find_marker(data["meeting"], data["source_line"])
                if data["source_line"]
                else None,
                charter_version=data.get("charter_version"),
                **form.result(),
                **replacement,
            )
            facts = {"number": recorded.number}
            messages.success(
                request, _("Decision D-%(number)d recorded. The group has been notified.") % facts
            )
            return redirect(recorded)
    context = {**group_page_context(request, group, "decisions"), "form": form, **replacement}
    return render(request, "decisions/record.html", context, status=status_of(form))


def _decision(request: PersonRequest, group: Group, number: int) -> Decision:
    decisions = Decision.objects.visible_to(request.viewer).select_related(
        "group", "charter_version", "replaced_by", "recorded_by"
    )
    return get_object_or_404(decisions, group=group, number=number)


def _meeting_of(request: PersonRequest, decision: Decision) -> Meeting | None:
    """Return the meeting of the decision, which not every reader of the decision can read."""
    if decision.meeting_id is None:
        return None
    visible = Meeting.objects.visible_to(request.viewer).select_related("group")
    return visible.filter(pk=decision.meeting_id).first()


def _initial(request: PersonRequest, group: Group, replacement: Replacement) -> dict[str, object]:
    """Return what the form suggests, from the marker in the notes and the older decision."""
    initial: dict[str, object] = {}
    address = request.GET.get("meeting", "")
    if is_meeting_address(address):
        meetings = Meeting.objects.visible_to(request.viewer).filter(group=group)
        if meeting := meetings.at_address(address).first():
            # Notes can begin before the meeting does, but the day of a decision is never ahead.
            day = min(meeting.local_date, latest_day(request.user, meeting))
            initial |= {"meeting": meeting, "decided_on": day}
            if source := find_marker(meeting, request.GET.get("line", "")):
                title = source.marker.text[:TITLE_MAX_CHARACTERS]
                initial |= {"title": title, "source_line": source.key}
    if replacement.get("rescinds"):
        title = _("Rescind: %(title)s") % {"title": replacement["replaces"].title}
        initial["title"] = title[:TITLE_MAX_CHARACTERS]
    return initial
