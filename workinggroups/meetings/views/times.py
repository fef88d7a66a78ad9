"""What a form that plans a time shows of it: local hours of the group, and who has another meeting."""

from collections.abc import Iterable

from common.http.requests import Request
from workinggroups.groups.models import Group
from workinggroups.meetings import queries
from workinggroups.meetings.choices import DATES_SHOWN
from workinggroups.meetings.forms.planning import MeetingForm
from workinggroups.meetings.hours import PartOfDay, hours_of


def is_check(request: Request) -> bool:
    """Tell whether the form was sent to see what its time means, and is not to be acted on."""
    return request.method == "POST" and "check" in request.POST


def times_context(
    request: Request, group: Group, form: MeetingForm, *, besides: Iterable[int] = ()
) -> dict[str, object]:
    """Return what the time in the form means for the people of the group, if it has one.

    `besides` are ids of the meetings that the form moves.
    """
    if is_check(request):
        form.without_missing()
    context: dict[str, object] = {"dates_shown": DATES_SHOWN}
    spans = form.spans()
    if spans:
        context["busy"] = queries.busy_people(group, request.viewer, spans, besides=besides)
    starts_at = form.starts_at()
    if starts_at is None:
        return context
    hours = hours_of(group, starts_at)
    return {
        **context,
        "hours": hours,
        "people_at_night": sum(hour.people for hour in hours if hour.part == PartOfDay.NIGHT),
        "people_in_all": sum(hour.people for hour in hours),
    }
