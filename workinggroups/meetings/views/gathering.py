"""Gather meetings that were scheduled singly into a series: choose them, see what will happen, save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import Conflict, Invalid
from common.http.form_handling import add_refusal, posted
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, gathering, permissions
from workinggroups.meetings.choices import GATHERED_MAX
from workinggroups.meetings.forms.gathering import GatherForm
from workinggroups.meetings.gathering import Gathering
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.models.meetings import MeetingQuerySet
from workinggroups.meetings.views.fetch import page

NUMBER_MAX_DIGITS = 9


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_gather(request: PersonRequest, slug: str) -> HttpResponse:
    """Choose meetings; then, with their numbers in the address, the series, a preview, and save."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    wanted = _numbers(request.GET.getlist("meeting"))
    single = _single(request, group).filter(number__in=wanted).order_by("starts_at", "pk")
    chosen = list(single[: GATHERED_MAX + 1])
    is_lost = len(chosen) < min(len(wanted), GATHERED_MAX + 1)
    if len(chosen) < 2:
        return _choice(request, group, wanted, is_lost=is_lost)
    form = GatherForm(posted(request), initial=gathering.proposal(chosen))
    preview, problem = _preview(form, chosen)
    is_saving = preview is not None and "save" in request.POST
    is_seen = preview is not None and preview.token == request.POST.get("seen")
    if is_saving and is_seen and preview is not None:
        try:
            series = actions.gather_meetings(
                actor=request.user,
                group=group,
                meetings=chosen,
                seen=preview.token,
                **form.series_details(),
            )
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, _("Meetings gathered into a series. The group has been notified.")
            )
            return redirect(series)
    context = page(
        request,
        group,
        form=form,
        preview=preview,
        problem=problem,
        is_changed=is_saving and not is_seen,
        is_lost=is_lost,
        chosen=chosen,
    )
    status = 422 if form.errors else 200
    return render(request, "meetings/gather_series.html", context, status=status)


def _preview(form: GatherForm, chosen: list[Meeting]) -> tuple[Gathering | None, str]:
    """Return what a save would do, and what is wrong with a proposal that nobody has edited yet."""
    if form.is_bound and not form.is_valid():
        return None, ""
    try:
        return actions.preview_gathering(chosen, **form.series_details()), ""
    except Invalid as error:
        if not form.is_bound:
            return None, error.message
        add_refusal(form, error)
        return None, ""


def _choice(
    request: PersonRequest, group: Group, wanted: set[int], *, is_lost: bool
) -> HttpResponse:
    """Show the meetings to choose from, the latest first."""
    meetings = list(_single(request, group).order_by("-starts_at", "-pk")[: GATHERED_MAX + 1])
    for meeting in meetings:
        meeting.group = group
    context = page(
        request,
        group,
        meetings=meetings[:GATHERED_MAX],
        has_older=len(meetings) > GATHERED_MAX,
        most=GATHERED_MAX,
        wanted=wanted,
        is_lost=is_lost,
        is_short="choose" in request.GET and not is_lost,
    )
    return render(request, "meetings/gather.html", context)


def _single(request: PersonRequest, group: Group) -> MeetingQuerySet:
    """Return the meetings of the group that can be gathered, also past ones."""
    return Meeting.objects.visible_to(request.viewer).filter(group=group).single()


def _numbers(words: list[str]) -> set[int]:
    digits = (word for word in words if word.isascii() and word.isdigit())
    return {int(word) for word in digits if len(word) <= NUMBER_MAX_DIGITS}
