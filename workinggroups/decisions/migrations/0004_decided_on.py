"""The day on which a group decided, as it was named, beside a moment of it.

Forms stored a day of the past as its noon in UTC, and the present day as the moment of recording.
So noon to the microsecond says which day was typed. Any other moment is an instant at which the
group decided or the decision was recorded. Its day is that of the meeting where it falls within
the meeting, else the date in the meeting's zone, else in the zone of the person who recorded it:
what their calendar said then, and what the page has shown them since.

Nothing else of a decision changes, and the trigger that keeps it so is off only inside of this
transaction, which locks the table against other writers. The record chain does not hold the row.
"""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import migrations, models

BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    decisions = apps.get_model("decisions", "Decision").objects
    entries = apps.get_model("search", "SearchEntry").objects
    without = decisions.filter(decided_on=None).select_related("meeting", "recorded_by")
    schema_editor.execute("ALTER TABLE decisions_decision DISABLE TRIGGER decision_stands")
    while rows := list(without.order_by("pk")[:BATCH]):
        for row in rows:
            row.decided_on = day_of(row)
        decisions.bulk_update(rows, ["decided_on"])
        named = {row.uuid: row.decided_on for row in rows}
        found = list(entries.filter(kind="decision", uuid__in=named).only("pk", "uuid"))
        for entry in found:
            entry.day = named[entry.uuid]
        entries.bulk_update(found, ["day"])
    schema_editor.execute("ALTER TABLE decisions_decision ENABLE TRIGGER decision_stands")


def day_of(decision: Any) -> date:
    moment: datetime = decision.decided_at.astimezone(UTC)
    if moment.time() == time(12):
        return moment.date()
    meeting = decision.meeting
    if meeting is None:
        return moment.astimezone(_zone(decision.recorded_by.zone)).date()
    if meeting.starts_at <= moment <= meeting.ends_at:
        day: date = meeting.local_date
        return day
    return moment.astimezone(_zone(meeting.zone)).date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0003_index_in_order_of_lists"),
        ("meetings", "0003_meeting_entered_afterwards"),
        ("people", "0002_api_token"),
        ("search", "0002_entry_has_a_day"),
    ]
    operations = [
        migrations.AddField("decision", "decided_on", models.DateField("decided on", null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("decision", "decided_on", models.DateField("decided on")),
        migrations.RemoveIndex("decision", "decision_of_group"),
        migrations.AddIndex(
            "decision",
            models.Index(fields=["group", "-decided_on", "-number"], name="decision_of_group"),
        ),
    ]
