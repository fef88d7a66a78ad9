"""The applications: one in each state, with the notes of staff."""

from datetime import time, timedelta
from functools import partial

from demo.organizations import accept_due
from demo.people import accept_texts
from demo.scenario import Scenario
from demo.tables import Row, rows
from members.onboarding.actions import applications, checklist, screening
from members.onboarding.choices import ApplicationState, Check, CheckState, MatchOutcome
from members.onboarding.duplicates import candidates
from members.onboarding.models import Application
from members.people.actions import create_person

# Which groups an applying organization would like to work in.
INTERESTS = ["trust-and-safety-evaluations", "languages-and-culture"]


def plan(scenario: Scenario) -> None:
    for row in rows("applications"):
        sent = scenario.ago(int(row["sent"]), time(6))
        scenario.at(sent - timedelta(hours=30), partial(_sign_up, scenario, row))
        scenario.at(sent, partial(_write, scenario, row))


def _sign_up(scenario: Scenario, row: Row) -> None:
    scenario.people[row["key"]] = create_person(
        actor=None,
        email=f"contact@{row['domains']}",
        name=row["person"],
        zone=row["zone"],
        email_confirmed=True,
    )


def _write(scenario: Scenario, row: Row) -> None:
    applicant = scenario.people[row["key"]]
    begun = applications.begin(actor=applicant)
    answers = ["name", "legal_name", "kind", "sector", "country", "website", "domains", "parent"]
    values: dict[str, object] = {field: row[field] for field in answers}
    values |= {"purpose": row["purpose"], "other_names": row["other_names"]}
    values |= {"interests": INTERESTS, "representative_title": "Director"}
    values |= {"representative_name": applicant.name, "representative_email": applicant.email}
    # With another person as signatory, the membership waits for their signature.
    elsewhere = row["state"] == "signing"
    values["signatory_name"] = "Board office" if elsewhere else applicant.name
    values["signatory_email"] = f"board@{row['domains']}" if elsewhere else applicant.email
    application = applications.save_step(actor=applicant, application=begun, values=values)
    if row["state"] == ApplicationState.DRAFT:
        return
    application = applications.send(actor=applicant, application=application)
    if row["state"] == ApplicationState.WITHDRAWN:
        later = partial(applications.withdraw, actor=applicant, application=application)
        scenario.at(scenario.moment + timedelta(days=4), later)
    elif row["state"] != ApplicationState.RECEIVED:
        scenario.at(
            scenario.moment + timedelta(days=1), partial(_screen, scenario, row, application)
        )


def _screen(scenario: Scenario, row: Row, application: Application) -> None:
    staff = scenario.people["abel"]
    application = screening.begin_screening(actor=staff, application=application)
    checklist.add_note(
        actor=staff,
        application=application,
        text="Wrote to them that the answer comes within two weeks.",
    )
    if row["key"] == "lumenlabs":
        # Its likely duplicates are left for staff to compare.
        return
    _settle(scenario, application, Check.SCREENING)
    if row["state"] == ApplicationState.SCREENING:
        return
    decide = {
        "member": _approve,
        "signing": _approve,
        ApplicationState.JOINED.value: _join_to_member,
        ApplicationState.REJECTED.value: _reject,
    }[row["state"]]
    scenario.at(scenario.moment + timedelta(days=5), partial(decide, scenario, row, application))


def _settle(scenario: Scenario, application: Application, code: Check) -> None:
    check = application.checks.get(code=code)
    checklist.settle(actor=scenario.people["abel"], check=check, state=CheckState.DONE)


def _approve(scenario: Scenario, row: Row, application: Application) -> None:
    staff = scenario.people["abel"]
    for candidate in candidates(application):
        screening.compare(
            actor=staff,
            application=application,
            organization=candidate.organization,
            outcome=MatchOutcome.UNRELATED,
        )
    for code in (Check.DUPLICATES, Check.BOARD, Check.NAME_CONSENT):
        _settle(scenario, application, code)
    approved = screening.approve(actor=scenario.people["delia"], application=application)
    assert approved.organization is not None  # that is what approving does
    scenario.organizations[row["key"]] = approved.organization
    if row["state"] == "member":
        scenario.at(scenario.moment + timedelta(days=2), partial(_sign, scenario, row))


def _sign(scenario: Scenario, row: Row) -> None:
    accept_due(scenario, row["key"], row["key"], "Director")
    accept_texts(scenario, row["key"])


def _join_to_member(scenario: Scenario, row: Row, application: Application) -> None:
    screening.attach_to_member(
        actor=scenario.people["delia"],
        application=application,
        organization=scenario.organizations["tessera"],
    )


def _reject(scenario: Scenario, row: Row, application: Application) -> None:
    screening.reject(
        actor=scenario.people["delia"],
        application=application,
        reason="The alliance takes in those who want to work with others on open things. The "
        "application names no such work. A new one is welcome when there is some.",
    )
