"""Minutes in the browser: offered, a correction asked and taken up, final by the charter, as PDF."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest

from common.pdf.actions import make_waiting
from members.people.models import Person
from tests import factories
from tests.chromium import session_cookie
from tests.journeys.people import Somebody
from workinggroups.meetings import tasks
from workinggroups.meetings.models import Meeting

pytestmark = pytest.mark.xdist_group("minutes")


@pytest.fixture
def opened(
    chromium: Any, committed_db: str, site: str, settings: Any, tmp_path: Any
) -> Iterator[Callable[[Person], Somebody]]:
    """`opened(person)` is a browser in which this person is signed in."""
    visitors: list[Somebody] = []

    def visitor(person: Person) -> Somebody:
        somebody = Somebody(chromium, site, person.email, person.name)
        somebody.context.add_cookies([session_cookie(person, site)])
        visitors.append(somebody)
        return somebody

    yield visitor
    for somebody in visitors:
        assert somebody.complaints == []
        somebody.context.close()


def test_minutes_become_final_by_the_charter_and_are_downloaded(
    opened: Callable[[Person], Somebody],
) -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Mira Chair")
    member = factories.member_of(organization, "Tomás Member")
    group = factories.group("Trust Benchmarks", preset="listed", chair=chair)
    factories.seat(group, member)
    factories.charter(group, minutes_rule="by_rule", correction_days=7)
    meeting = factories.past_meeting(group, "Evaluations call")
    factories.notes(meeting, "# Results\n\nThe limit is 500.", author=chair)
    officer, writer = opened(chair), opened(member)
    at = meeting.get_absolute_url()

    officer.go(at)
    officer.follow("Offer as draft minutes")
    officer.reads("the minutes become final by themselves")
    officer.press("Offer minutes")
    officer.reads("Draft minutes.", "Then the minutes become final")

    writer.go(at)
    writer.follow("Ask for a correction")
    writer.fill(text="The limit is 600.")
    writer.press("Send request")
    writer.reads("The limit is 600.", "Not answered yet")

    # A week goes by, and the request still waits.
    Meeting.objects.update(corrections_until=factories.ago(seconds=5))
    assert tasks.make_minutes_final() == 0
    officer.go(at)
    officer.reads("once every correction requested in time has an answer")
    officer.follow("Answer")
    officer.reads("With this answer the minutes become final.")
    officer.follow("Edit the text")
    officer.fill(source="# Results\n\nThe limit is 600.")
    officer.press("Save notes")
    officer.follow("Answer")
    officer.fill(answer="taken_up", note="The booking says 600.")
    officer.press("Save answer")
    officer.reads("Approved minutes.", "by the rules of", "Taken up")

    writer.go(at)
    writer.follow("Print and PDF")
    writer.press_button(writer.page.locator("#pdf-minutes button"))
    writer.reads("Waiting for its turn")
    make_waiting()
    writer.reads("Download PDF")  # the page asks by itself
    pdf = writer.download("Download PDF")
    text = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage().get_text_range()
    assert "The limit is 600." in text
    assert "became final on" in text
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
