"""The days of a meeting of several days, counted over all series by which it takes place."""

from workinggroups.meetings.models import MeetingSeries


def number_days(series: MeetingSeries) -> None:
    """Write which days of the whole meeting each of its series has; other series stay as they are.

    When the hours of the later days change, another series goes on, and the days are still counted
    from the first. The caller holds the lock of the group.
    """
    if not series.is_several_days:
        return
    parts = list(MeetingSeries.objects.of_one_meeting(series))
    before, days = 0, sum(part.own_days for part in parts)
    for part in parts:
        part.days_before, part.days_in_all = before, days
        before += part.own_days
        if part.pk == series.pk:
            series.days_before, series.days_in_all = part.days_before, days
    MeetingSeries.objects.bulk_update(parts, ["days_before", "days_in_all"])
