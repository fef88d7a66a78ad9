"""The main job in a real browser, on a real platform: an organization applies, its people take
part in a group, and what the group writes is published and withdrawn.

The chapters happen in their order, on one platform. Each ends by naming every mail it caused, so
that a mail to somebody else fails the chapter in which it arrives, or the next one. The whole is
told twice: in browsers with scripts, and in browsers that run none, where all of it has to work as
plain pages and forms.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from tests.journeys.people import Mailbox, Somebody
from tests.server.running import ROOT, Platform, platform

# Each telling has a platform of its own, so that two workers can tell them at once.
TELLINGS = [
    pytest.param(True, id="scripts", marks=pytest.mark.xdist_group("journey")),
    pytest.param(False, id="no-scripts", marks=pytest.mark.xdist_group("journey-without-scripts")),
]

COMPETITION_LAW = "This is a meeting of competitors."
CODE = re.compile(r"Your (sign-in )?code ")
METHOD = "# Method\n\nCool the hull to four degrees. Then measure."
MEASURED = b"depth,celsius\n10,4\n"


@dataclass
class Story:
    """The platform, those who appear, and the mails that have been accounted for."""

    browser: Any
    platform: Platform
    box: Mailbox
    scripts: bool
    cast: dict[str, Somebody] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def enter(self, name: str, email: str = "") -> Somebody:
        address = f"http://localhost:{self.platform.port}"
        somebody = Somebody(self.browser, address, email, name, scripts=self.scripts)
        self.cast[name.split()[0].lower()] = somebody
        return somebody

    def __getattr__(self, name: str) -> Somebody:
        try:
            return self.cast[name]
        except KeyError:
            raise AttributeError(name) from None

    def proves_the_address(self, somebody: Somebody, ask: str, confirm: str = "Confirm") -> None:
        """Asks for a code by mail and types it in."""
        before = len(self.box.to(somebody.email))
        somebody.press(ask)
        somebody.fill(code=self.box.wait_for_code(somebody.email, before))
        somebody.press(confirm)

    def confirms_if_asked(self, somebody: Somebody) -> None:
        """Acts of weight ask who it is once the last proof is some minutes old."""
        if "/confirm/code/" in somebody.path:
            self.proves_the_address(somebody, "Send me a code")

    def mails(self, *expected: tuple[str, str], seconds: float = 60) -> None:
        """Exactly these mails, as name and what they say, have come since the last time one looked.

        Codes and the daily summary, which depends on the hour, are not counted.
        """
        awaited = sorted(expected)
        end = time.monotonic() + seconds
        while (came := self._unseen()) != awaited and time.monotonic() < end:
            if len(came) > len(awaited):
                break
            time.sleep(0.2)
        self.seen = {str(mail["Message-ID"]) for mail in self.box.all()}
        assert came == awaited

    def _unseen(self) -> list[tuple[str, str]]:
        names = {person.email: name for name, person in self.cast.items() if person.email}
        return sorted(
            (names[str(mail["To"])], _said(mail))
            for mail in self.box.all()
            if str(mail["Message-ID"]) not in self.seen
            and not CODE.match(str(mail["Subject"]))
            and "since yesterday" not in str(mail["Subject"])
        )


def _said(mail: Any) -> str:
    """The subject. Mails about one thing of a group share it; their first line says what happened."""
    subject = str(mail["Subject"])
    group = re.match(r"(?:Re: )?(\[.*?\]) ", subject)
    first_line: str = mail.get_body(("plain",)).get_content().splitlines()[0]
    return f"{group[1]} {first_line}" if group else subject


@pytest.fixture(scope="module", params=TELLINGS)
def story(
    request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """A platform that starts empty, as `make run DEMO=0` does, with its first administrator."""
    with platform(tmp_path_factory.mktemp("journey") / "data", DEMO="0") as running:
        running.start()
        notified = Story(chromium, running, Mailbox(running.data / "mailbox"), request.param)
        boss = notified.enter("Boss", "boss@alliance.example")
        make_admin(running, boss.email)
        yield notified
        for somebody in notified.cast.values():
            somebody.context.close()


def make_admin(running: Platform, email: str) -> None:
    """As `make admin` does."""
    python = sys.executable
    subprocess.run(
        [python, "-m", "alliance.server", "with", python, "manage.py", "create_admin", email],
        cwd=ROOT,
        env=running.environment,
        check=True,
        capture_output=True,
    )


def days_from_now(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


# --- what people do ----------------------------------------------------------------------------


def signs_in_by_code(story: Story, somebody: Somebody) -> None:
    somebody.go("/accounts/login/code/")
    somebody.fill(email=somebody.email)
    before = len(story.box.to(somebody.email))
    somebody.page.locator("main form button").first.click()
    somebody.page.wait_for_url("**/confirm/**")
    somebody.fill(code=story.box.wait_for_code(somebody.email, before))
    with somebody.page.expect_navigation():
        somebody.page.locator("main form button").first.click()


def puts_in_force(story: Story, admin: Somebody, kind: str) -> None:
    """Writes the first version of an agreement and makes it bind."""
    admin.go("/staff/")
    admin.follow("Agreements")
    admin.follow(kind)
    admin.fill(title=kind, source=f"# {kind}\n\nWe share what we learn.")
    admin.press("Save agreement draft")
    admin.press("Put version 1 in force")
    story.confirms_if_asked(admin)


def applies(story: Story, somebody: Somebody, name: str, legal_name: str) -> None:
    """Answers the six pages of the application, from the front page on."""
    domain = somebody.email.partition("@")[2]
    somebody.go("/")
    somebody.follow("Apply to join")
    somebody.follow("Start an application")
    somebody.fill(name=somebody.name, email=somebody.email)
    story.proves_the_address(somebody, "Send me a code", "Confirm address")
    pages = [
        {"name": name, "legal_name": legal_name},
        {
            "kind": "company",
            "country": "NO",
            "website": f"https://{domain}",
            "domains": domain,
        },
        {"purpose": "We test models at sea."},
        {"representative_name": "Rita Rep", "representative_email": f"rita@{domain}"},
        {"signatory_name": "Sig Nato", "signatory_email": f"sig@{domain}"},
    ]
    for values in pages:
        somebody.fill(**values)
        somebody.press("Save and continue")
    somebody.press("Send application")
    somebody.reads("We have your application.")


def opens_application(admin: Somebody, name: str) -> None:
    admin.go("/staff/")
    admin.follow("Applications")
    with admin.page.expect_navigation():
        admin.page.locator("main").get_by_role("link", name=name, exact=True).click()


def checks_off(admin: Somebody, line: str) -> None:
    """Settles one line of the application's checklist."""
    folded = admin.page.locator("details.checklist-item").filter(has_text=line)
    folded.locator("summary").click()
    folded.locator("[name=state]").select_option("done")
    admin.press_button(folded.get_by_role("button"))


def accepts_invitation(story: Story, somebody: Somebody, subject: str) -> None:
    """Follows the mailed link, proves the address, accepts what binds a person, and is in."""
    somebody.go(story.box.link(somebody.email, subject))
    story.proves_the_address(somebody, "Send a code to")
    for box in somebody.page.locator("main [type=checkbox]").all():
        box.check()
    somebody.press("Join Kelp")


def creates_group(admin: Somebody, name: str, admission: str, chair: Somebody) -> None:
    """A group with its first charter and its chair, which only the alliance knows of."""
    admin.go("/staff/")
    admin.follow("Groups")
    admin.follow("Create a group")
    admin.fill(
        name=name,
        purpose="To measure at sea.",
        focus_area="Models and data",
        listing="alliance",
        admission=admission,
        content="members",
        chair_address=chair.email,
        charter="# Charter\n\nWe measure, at sea.",
    )
    admin.press("Create the group")
    admin.reads("Staff options")


def asks_in(somebody: Somebody, group: str, button: str) -> None:
    """Finds the group from the own desk and takes the way in that it offers."""
    somebody.go("/my/")
    somebody.follow("Groups")
    somebody.follow(group)
    somebody.follow(button)
    somebody.fill(level="participant")
    somebody.press(button)


def opens(somebody: Somebody, *links: str) -> None:
    """From the page of the open group along these links."""
    somebody.go("/groups/sea-tests/")
    for words in links:
        with somebody.page.expect_navigation():
            somebody.page.locator("main").get_by_role("link", name=words).first.click()


# --- the chapters ------------------------------------------------------------------------------


def test_01_an_organization_applies_and_is_admitted(story: Story) -> None:
    boss, ada = story.boss, story.enter("Ada Kelp", "ada@kelp.example")
    signs_in_by_code(story, boss)
    puts_in_force(story, boss, "Membership agreement")
    puts_in_force(story, boss, "Code of conduct")

    applies(story, ada, "Kelp", "Kelp Research Ltd")
    story.mails(
        ("boss", "Kelp applies for membership"), ("ada", "We have received the application of Kelp")
    )

    boss.go("/my/")
    boss.follow("See applications")
    opens_application(boss, "Kelp")
    boss.reads("No organization looks like this one")
    boss.press("Begin screening")
    checks_off(boss, "Sanctions and conduct screening")
    checks_off(boss, "Duplicates and relations")
    boss.press("Approve application")
    boss.reads("Approved")

    story.enter("Rita Rep", "rita@kelp.example")
    story.enter("Sig Nato", "sig@kelp.example")
    story.mails(
        ("ada", "The application of Kelp has been approved"),
        ("rita", "Kelp invites you to Alliance"),
        ("sig", "Agreements to sign for Kelp · Alliance"),
    )


def test_02_its_signatory_accepts_the_agreements(story: Story) -> None:
    sig, rita = story.sig, story.rita
    accepts_invitation(story, rita, "invites you")
    rita.go("/members/kelp/")
    rita.reads("Awaiting agreements")

    accepts_invitation(story, sig, "Agreements to sign")
    # Whoever leaves the page finds the way back, by the desk and by the mail.
    sig.go("/my/")
    sig.follow("Read and sign")
    sig.go(story.box.link(sig.email, "Agreements to sign"))
    sig.page.locator("main [type=checkbox]").check()
    sig.fill(title="Director", authority="Statutes of 2019")
    sig.press("Accept for Kelp")
    sig.reads("Sig Nato, Director. Statutes of 2019")

    sig.go("/members/kelp/")
    sig.reads("Active")
    story.mails(
        ("rita", "Sig Nato joined Kelp"),
        ("rita", "Kelp: membership is now “Active”"),
        ("ada", "Kelp is now a member"),
    )


def test_03_a_second_application_is_named_a_likely_duplicate(story: Story) -> None:
    boss, otto = story.boss, story.enter("Otto Kelp", "otto@kelp.example")
    applies(story, otto, "Kelp Research", "Kelp Research Limited")

    opens_application(boss, "Kelp Research")
    boss.reads("Kelp Research Ltd", "kelp.example")
    boss.misses("No organization looks like this one")
    boss.fill(reason="Kelp is a member already; its people join it.")
    boss.press("Decline application")
    story.confirms_if_asked(boss)

    story.mails(
        ("boss", "Kelp Research applies for membership"),
        ("otto", "We have received the application of Kelp Research"),
        ("otto", "The application of Kelp Research was declined"),
    )


def test_04_its_representative_invites_a_colleague(story: Story) -> None:
    rita, cole = story.rita, story.enter("Cole League", "cole@kelp.example")
    rita.go("/my/")
    rita.go("/members/kelp/")
    rita.follow("People")
    rita.follow("Invite a colleague")
    rita.fill(address=cole.email, name=cole.name)
    rita.press("Send invitation")
    rita.reads("cole@kelp.example", "Waiting")

    accepts_invitation(story, cole, "invites you")

    story.mails(("cole", "Kelp invites you to Alliance"), ("rita", "Cole League joined Kelp"))


def test_05_staff_create_groups_and_people_come_in(story: Story) -> None:
    boss, ada, cole, rita = story.boss, story.ada, story.cole, story.rita
    creates_group(boss, "Sea Tests", "open", chair=ada)
    creates_group(boss, "Sea Rules", "request", chair=ada)
    story.mails(
        ("ada", "[Sea Tests] You are now chair of Sea Tests"),
        ("ada", "[Sea Tests] Sea Tests adopted version 1 of its charter"),
        ("ada", "[Sea Rules] You are now chair of Sea Rules"),
        ("ada", "[Sea Rules] Sea Rules adopted version 1 of its charter"),
    )

    asks_in(cole, "Sea Tests", "Join the group")
    cole.reads("You are a participant")
    asks_in(rita, "Sea Tests", "Join the group")
    rita.reads("You are a participant")
    asks_in(cole, "Sea Rules", "Ask to join")
    cole.reads("Your request is with the chairs")
    assert cole.go("/groups/sea-rules/meetings/") == 404
    story.mails(("ada", "[Sea Rules] Cole League asks to join Sea Rules"))

    ada.go("/my/")
    ada.follow("Answer")
    ada.press("Approve")
    assert cole.go("/groups/sea-rules/meetings/") == 200
    story.mails(("cole", "[Sea Rules] Sea Rules approved your request to join"))


def test_06_the_chair_plans_a_meeting(story: Story) -> None:
    ada, cole = story.ada, story.cole
    opens(ada, "Meetings", "Schedule a meeting")
    ada.reads(COMPETITION_LAW)
    ada.fill(
        title="First trial",
        local_date=days_from_now(2),
        local_time="15:00",
        zone="Europe/Oslo",
        duration_minutes="60",
    )
    ada.press("Schedule meeting")
    ada.follow("Edit agenda")
    ada.fill(title="Which trial first", minutes="20")
    ada.press("Add item")
    ada.press("Post the agenda")

    opens(cole, "Meetings", "First trial")
    cole.reads("Which trial first", COMPETITION_LAW)
    [event] = icalendar.Calendar.from_ical(cole.download("Add to my calendar")).walk("VEVENT")
    assert event["SUMMARY"] == "Sea Tests: First trial"
    assert event.start.isoformat()[:16] == f"{days_from_now(2)}T15:00"
    cole.press("I'm coming")
    story.mails(
        *((name, "[Sea Tests] Scheduled: First trial") for name in ("cole", "rita")),
        *((name, "[Sea Tests] Agenda: First trial") for name in ("cole", "rita")),
    )


def test_07_notes_become_action_items_and_decisions(story: Story) -> None:
    ada, cole, rita = story.ada, story.cole, story.rita
    opens(cole, "Meetings", "First trial", "Start the notes")
    due = days_from_now(2)
    cole.fill(
        source="# Which trial first\n\nThe cold one.\n\n"
        f"action: @Ada Kelp Writes the protocol by {due}\n\n"
        "decision: The cold trial comes first."
    )
    cole.press("Save notes")
    cole.reads("A-1", "Writes the protocol")
    story.mails(("ada", "[Sea Tests] Assigned to you: Writes the protocol"))
    # Another member goes on where the first left off.
    opens(rita, "Meetings", "First trial", "Continue editing")
    source = rita.page.locator("[name=source]").input_value()
    assert "[A-1]" in source
    rita.fill(source=f"{source}\n\nThe warm one follows.")
    rita.press("Save notes")

    # What is done, or answered, leaves the inbox again.
    assert "Assigned to you: Writes the protocol" in ada.inbox()
    ada.go("/my/")
    ada.reads("Writes the protocol", "Action item A-1, Sea Tests")
    opens(ada, "Meetings", "First trial", "Record this decision")
    ada.fill(method="consensus")
    ada.press("Record")
    ada.reads("The cold trial comes first.", "Consensus")
    ada.go("/my/")
    ada.press("Mark as done")
    ada.misses("Writes the protocol")
    story.mails(
        *((name, "[Sea Tests] Decided: The cold trial comes first.") for name in ("cole", "rita"))
    )


def test_08_an_editor_drafts_and_the_group_reviews(story: Story) -> None:
    ada, cole, rita = story.ada, story.cole, story.rita
    opens(cole, "Deliverables", "Create a deliverable")
    cole.fill(title="Cold trial method", kind="S", summary="How to try a model in the cold.")
    cole.press("Create and start writing")
    cole.fill(source=METHOD, changes="First words")
    cole.press("Save text")
    cole.follow("Add or remove")
    cole.page.set_input_files(
        "[name=file]", {"name": "trial.csv", "mimeType": "text/csv", "buffer": MEASURED}
    )
    cole.press("Add file")

    opens(ada, "Deliverables", "Cold trial method", "Open review")
    ada.fill(until=days_from_now(14), reviewers="group")
    ada.press("Open review")
    story.mails(
        *(
            (name, "[Sea Tests] In review: Cold trial method, revision 1")
            for name in ("cole", "rita")
        )
    )

    rita.go("/my/")
    rita.follow("Open review")
    rita.reads("Cool the hull to four degrees.")
    assert rita.download("trial.csv") == MEASURED
    rita.fill(quote="four degrees", source="Say which scale.")
    rita.press("Add comment")
    story.mails(("cole", "[Sea Tests] Rita Rep commented on Cold trial method"))
    opens(cole, "Deliverables", "Cold trial method", "Answer")
    cole.fill(disposition="rejected", answer="The file says it: Celsius.")
    cole.press("Save answer")
    story.mails(
        ("rita", "[Sea Tests] Your comment on Cold trial method was answered: not accepted")
    )


def test_09_its_approval_is_a_decision_and_the_chair_publishes(story: Story) -> None:
    ada = story.ada
    opens(ada, "Deliverables", "Cold trial method", "Record decision")
    ada.fill(method="consensus", early_reason="Every partner has answered.")
    ada.press("Record decision")
    opens(ada, "Decisions", "Approve Cold trial method, revision 1")
    ada.reads("Consensus")
    story.mails(*((name, "[Sea Tests] Approved: Cold trial method") for name in ("cole", "rita")))

    opens(ada, "Deliverables", "Cold trial method", "Publish")
    story.confirms_if_asked(ada)
    ada.reads("D-2", "Cole League, Kelp")
    ada.fill(number="1.0")
    ada.press("Publish this version")
    story.mails(
        *((name, "[Sea Tests] Published: AS-1 Cold trial method 1.0") for name in ("cole", "rita"))
    )


def test_10_anybody_reads_and_downloads_it(story: Story) -> None:
    reader = story.enter("Reader")
    reader.go("/")
    reader.follow("1 publication")
    reader.follow("Cold trial method")

    reader.reads(
        "Version 1.0",
        "Creative Commons Attribution 4.0",
        "Cole League (2",
        "Cool the hull to four degrees.",
        "Approved by decision D-2",
    )
    authors = reader.page.locator("section", has=reader.page.locator("#authors")).first
    assert "Cole League" in authors.inner_text()
    assert "Kelp" in authors.inner_text()
    assert reader.download("trial.csv") == MEASURED
    assert b"Cold trial method" in reader.download("BibTeX")
    # What the group keeps to itself stays closed to the reader.
    reader.go("/groups/sea-tests/meetings/1/")
    assert reader.path.startswith("/accounts/login/")


def test_11_a_withdrawal_leaves_its_page_and_the_reason(story: Story) -> None:
    ada, late = story.ada, story.enter("Latecomer")
    ada.go("/catalogue/")
    ada.follow("Cold trial method")
    ada.follow("Withdraw this version")
    story.confirms_if_asked(ada)
    ada.fill(reason="The thermometer was wrong.")
    ada.press("Withdraw this version")

    assert late.go("/catalogue/AS-1/") == 200
    late.reads("The thermometer was wrong.", "Cole League (2")
    late.misses("Cool the hull to four degrees.")
    assert late.go("/catalogue/AS-1/1.0/files/trial.csv") == 404
    story.mails(
        *((name, "[Sea Tests] Withdrawn: AS-1 Cold trial method 1.0") for name in ("cole", "rita"))
    )


def test_12_everybody_heard_of_what_concerns_them_and_of_nothing_else(story: Story) -> None:
    new_groups = ["New group: Sea Rules", "New group: Sea Tests"]
    of_the_group = [
        *new_groups,
        "Scheduled: First trial",
        "Agenda: First trial",
        "Decided: The cold trial comes first.",
        "In review: Cold trial method, revision 1",
        "Approved: Cold trial method",
        "Published: AS-1 Cold trial method 1.0",
        "Withdrawn: AS-1 Cold trial method 1.0",
    ]
    expected = {
        "boss": ["Kelp applies for membership", "Kelp Research applies for membership"],
        "otto": [
            "We have received the application of Kelp Research",
            "The application of Kelp Research was declined",
        ],
        "sig": new_groups,
        "ada": [
            *new_groups,
            "We have received the application of Kelp",
            "The application of Kelp has been approved",
            "Kelp is now a member",
            *(f"You are now chair of {group}" for group in ("Sea Tests", "Sea Rules")),
            *(f"{name} adopted version 1 of its charter" for name in ("Sea Tests", "Sea Rules")),
            *(f"{person} joined Sea Tests" for person in ("Cole League", "Rita Rep")),
        ],
        "cole": [
            *of_the_group,
            "Sea Rules approved your request to join",
            "Rita Rep commented on Cold trial method",
        ],
        "rita": [
            *of_the_group,
            "Sig Nato joined Kelp",
            "Kelp: membership is now “Active”",
            "Cole League joined Kelp",
            "Your comment on Cold trial method was answered: not accepted",
        ],
    }

    inboxes = {name: sorted(story.cast[name].inbox()) for name in expected}

    assert inboxes == {name: sorted(titles) for name, titles in expected.items()}


def test_13_what_is_opened_or_marked_is_read(story: Story) -> None:
    rita = story.rita
    rita.go("/inbox/")
    unread = rita.page.locator("main .rows li.unread")
    before = unread.count()
    with rita.page.expect_navigation():
        unread.first.get_by_role("button").click()

    rita.go("/inbox/")
    assert unread.count() == before - 1
    rita.press("Mark all as read")
    assert unread.count() == 0


def test_14_no_browser_complained(story: Story) -> None:
    assert [said for somebody in story.cast.values() for said in somebody.complaints] == []
