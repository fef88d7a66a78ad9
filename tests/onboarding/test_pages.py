"""The way in through the pages, as people walk it: plain forms, scripts off."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.mail.models import Message
from common.mail.registry import renderer
from members.onboarding import registry
from members.onboarding.actions import applications
from members.onboarding.choices import InvitationState
from members.onboarding.models import AgreementVersion, Application, Invitation
from members.organizations.models import Affiliation, Membership, Organization
from members.people.models import Person
from tests import factories
from tests.onboarding import steps

ClientOf = Callable[..., Client]


def mail_to(address: str, kind: str) -> str:
    """The text of the newest mail of this kind to the address."""
    message = Message.objects.filter(to_address=address, kind=kind).latest("due_at")
    render = renderer(kind)
    assert render is not None
    mail = render(message)
    assert mail is not None
    return mail.text


def code_in(text: str) -> str:
    found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", text)
    assert found is not None
    return found.group()


def link_in(text: str) -> str:
    found = re.search(r"/invitations/[\w-]+/", text)
    assert found is not None
    return found.group()


PAGES = {
    "organization": {"name": "Lagos Institute", "legal_name": "Lagos Institute for Language"},
    "about": {
        "kind": "research",
        "country": "NG",
        "website": "lilt.example",
        "domains": "@lilt.example\nwww.lilt.org.example",
    },
    "purpose": {"purpose": "We test language models."},
    "representative": {
        "representative_name": "Folake Founder",
        "representative_email": "folake@lilt.example",
        "shows_representatives": "yes",
    },
    "signatory": {"signatory_name": "Dean Signs", "signatory_email": "dean@lilt.example"},
}


def walk_in(client: Client, address: str, name: str) -> str:
    """A stranger asks for a code and types it; the address of the first step."""
    client.post(reverse("join-start"), {"name": name, "email": address})
    code = code_in(mail_to(address, "sign_in_code"))
    answer = client.post(reverse("join-code"), {"code": code})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_an_organization_comes_in_from_the_first_page_to_a_colleague(
    client_of: ClientOf, staff: Person, texts: list[AgreementVersion], client: Client
) -> None:
    assert client.get(reverse("join")).status_code == 200
    step = walk_in(client, "folake@lilt.example", "Folake Founder")
    for values in PAGES.values():
        assert client.get(step).status_code == 200
        answer = client.post(step, values)
        assert answer.status_code == 302, answer.content.decode()
        step = answer["Location"]
    assert step.endswith("/send/")
    client.post(step)
    application = Application.objects.get(number__isnull=False)
    assert application.domains == "lilt.example\nlilt.org.example"

    desk = client_of(staff)
    page = reverse("staff-application", args=[application.number])
    assert "Lagos Institute" in desk.get(reverse("staff-applications")).content.decode()
    desk.post(f"{page}take/")
    for code in ("screening", "duplicates"):
        desk.post(f"{page}checks/{code}/", {"state": "done", "owner": "", "due_on": ""})
    assert desk.post(f"{page}approve/").status_code == 302
    organization = Organization.objects.get()

    dean = Client()
    invitation = link_in(mail_to("dean@lilt.example", "agreement_ready"))
    assert "Send a code" in dean.get(invitation).content.decode()
    dean.post(f"{invitation}code/")
    dean.post(f"{invitation}code/", {"code": code_in(mail_to("dean@lilt.example", "sign_in_code"))})
    accept = {"name": "Dean Signs", "zone": "Africa/Lagos", "password": ""}
    accept |= {f"accept_{texts[1].uuid}": "on"}
    assert dean.post(invitation, accept).status_code == 302
    signing = reverse("organization-agreements", args=[organization.slug])
    assert dean.get(signing).status_code == 200
    said = {"title": "Dean", "authority": "Statutes", f"accept_{texts[0].uuid}": "on"}
    assert dean.post(signing, said).status_code == 302
    assert Membership.objects.get().status == "active"
    assert "Lagos Institute" in Client().get(reverse("members")).content.decode()

    invite = reverse("organization-invitations", args=[organization.slug])
    answer = client.post(invite, {"address": "nadia@lilt.example", "role": "colleague"})
    assert answer.status_code == 302, answer.content.decode()
    nadia = Client()
    invitation = link_in(mail_to("nadia@lilt.example", "invitation"))
    nadia.post(f"{invitation}code/")
    nadia.post(
        f"{invitation}code/", {"code": code_in(mail_to("nadia@lilt.example", "sign_in_code"))}
    )
    accept = {"name": "Nadia New", "zone": "Africa/Lagos", "password": "a long enough phrase"}
    accept |= {f"accept_{texts[1].uuid}": "on"}
    assert nadia.post(invitation, accept)["Location"] == "/my/"
    person = Person.objects.get(name="Nadia New")
    assert person.zone == "Africa/Lagos"
    assert person.check_password("a long enough phrase")
    assert Affiliation.objects.get(person=person).organization == organization
    assert nadia.get(reverse("organization", args=[organization.slug])).status_code == 200


def test_a_stranger_and_a_known_person_get_the_same_answer(member: Person) -> None:
    answers = []
    for address in (member.email, "nobody-knows@lilt.example"):
        client = Client()
        answer = client.post(reverse("join-start"), {"name": "Any Body", "email": address})
        page = client.get(answer["Location"]).content.decode().replace(address, "")
        answers.append((answer.status_code, answer["Location"], without_token(page)))

    assert answers[0] == answers[1]
    assert Message.objects.filter(kind="sign_in_code").count() == 2


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_a_second_factor_is_still_asked_for(member: Person) -> None:
    TOTP.activate(member, generate_totp_secret())
    client = Client()

    location = walk_in(client, member.email, "Mira")

    assert location == reverse("mfa_authenticate")
    assert client.get(reverse("applications")).status_code == 302


def test_codes_to_one_address_are_limited_and_the_answer_stays_the_same(db: None) -> None:
    answers = [
        Client().post(reverse("join-start"), {"name": "A", "email": "ada@lilt.example"}).status_code
        for _ in range(6)
    ]

    assert answers == [302] * 6
    assert Message.objects.filter(to_address="ada@lilt.example").count() == 5


def test_a_wrong_code_says_so_and_the_right_one_still_works(db: None) -> None:
    client = Client()
    client.post(reverse("join-start"), {"name": "Ada", "email": "ada@lilt.example"})
    code = code_in(mail_to("ada@lilt.example", "sign_in_code"))

    wrong = client.post(reverse("join-code"), {"code": code[::-1] + "B"})
    right = client.post(reverse("join-code"), {"code": code})

    assert wrong.status_code == 422
    assert "not the code we sent" in wrong.content.decode()
    assert right.status_code == 302


def test_a_faulty_step_keeps_what_was_typed_and_saves_what_is_right(
    client_of: ClientOf, draft: Application
) -> None:
    client = client_of(draft.applicant)
    step = reverse("application-step", args=[draft.uuid, "representative"])

    answer = client.post(
        step,
        {
            "representative_name": "Moussa Diarra",
            "representative_email": "moussa@mailbox.example",
            "shows_representatives": "no",
        },
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Use an address at lilt.example" in page
    assert "moussa@mailbox.example" in page
    draft.refresh_from_db()
    assert draft.representative_name == "Moussa Diarra"
    assert draft.representative_email == "folake@lilt.example"


def test_a_step_that_nobody_opened_is_not_answered_though_it_makes_a_guess(
    client_of: ClientOf, founder: Person
) -> None:
    made = applications.begin(actor=founder)
    client = client_of(founder)

    first = client.get(reverse("application-step", args=[made.uuid, "organization"]))
    step = client.get(reverse("application-step", args=[made.uuid, "representative"]))

    answered = [
        str(one.name) for one, is_complete, _here in first.context["progress"] if is_complete
    ]
    assert answered == []
    assert 'value="folake@lilt.example"' in step.content.decode()


def test_the_signatory_reads_what_signing_means_and_what_comes_next(
    client_of: ClientOf, founder: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, signatory_email=founder.email)
    approved = steps.approved(steps.settled(steps.sent(application), staff), staff)
    assert approved.organization is not None
    url = reverse("organization-agreements", args=[approved.organization.slug])

    before = client_of(founder).get(url).content.decode()
    steps.signed(founder)
    after = client_of(founder).get(url).content.decode()

    assert "What your signature means" in before
    assert "What happens next." in before
    assert "All agreements are signed." in after
    assert "What your signature means" not in after


def test_leaving_a_step_keeps_its_answers(client_of: ClientOf, draft: Application) -> None:
    step = reverse("application-step", args=[draft.uuid, "purpose"])

    answer = client_of(draft.applicant).post(step, {"purpose": "Half a thought", "leave": "1"})

    assert answer["Location"] == reverse("applications")
    draft.refresh_from_db()
    assert draft.purpose == "Half a thought"


def test_an_unfinished_application_names_what_is_missing(
    client_of: ClientOf, draft: Application
) -> None:
    applications.save_step(actor=draft.applicant, application=draft, values={"purpose": ""})

    answer = client_of(draft.applicant).post(reverse("application-send", args=[draft.uuid]))

    assert answer.status_code == 422
    assert "One step is not complete" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_groups_of_interest_are_those_that_a_higher_room_offers(
    client_of: ClientOf, draft: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_choices", lambda: [("safety", "Safety tooling")])
    client = client_of(draft.applicant)
    step = reverse("application-step", args=[draft.uuid, "purpose"])

    refused = client.post(step, {"purpose": "To test.", "interests": ["secret-group"]})
    chosen = client.post(step, {"purpose": "To test.", "interests": ["safety"]})

    assert refused.status_code == 422
    assert chosen.status_code == 302
    draft.refresh_from_db()
    assert draft.interests == ["safety"]


@pytest.mark.parametrize("name", ["application", "application-send", "application-withdraw"])
def test_an_application_is_its_applicants_alone(
    client_of: ClientOf, draft: Application, outsider: Person, staff: Person, name: str
) -> None:
    url = reverse(name, args=[draft.uuid])

    assert client_of(outsider).get(url).status_code == 404
    assert client_of(staff).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_the_queue_is_for_staff(
    client_of: ClientOf, received: Application, representative: Person, staff: Person
) -> None:
    for url in (
        reverse("staff-applications"),
        reverse("staff-application", args=[received.number]),
        reverse("staff-agreements"),
        reverse("staff-agreement", args=["conduct"]),
        reverse("staff-organizations"),
        reverse("staff-import"),
    ):
        assert client_of(staff).get(url).status_code == 200, url
        assert client_of(representative).get(url).status_code == 404, url
        assert Client().get(url).status_code == 302, url


def test_deciding_wants_a_recent_sign_in(
    client_of: ClientOf, settled: Application, staff: Person, texts: list[AgreementVersion]
) -> None:
    url = reverse("staff-application-approve", args=[settled.number])

    answer = client_of(staff, recent=False).post(url)

    assert answer.status_code == 302
    settled.refresh_from_db()
    assert settled.state == "received"


def test_a_likely_duplicate_stands_beside_the_application(
    client_of: ClientOf, received: Application, staff: Person
) -> None:
    known = factories.organization("Lagos Institute of Technology")
    known.domains.create(domain="lilt.example")
    url = reverse("staff-application", args=[received.number])

    page = client_of(staff).get(url).content.decode()

    assert "Add its people to Lagos Institute of Technology" in page
    assert "They use the e-mail domain lilt.example." in page


def test_what_must_come_before_the_admission_is_said_in_place_of_its_button(
    client_of: ClientOf, received: Application, staff: Person, texts: list[AgreementVersion]
) -> None:
    client = client_of(staff)
    url = reverse("staff-application", args=[received.number])
    client.post(f"{url}take/")

    before = client.get(url).content.decode()
    steps.settled(received, staff)
    after = client.get(url).content.decode()

    assert (
        "Before you can approve it: Sanctions and conduct screening, Duplicates and relations"
        in before
    )
    assert "Approve application" not in before
    assert "Approve application" in after


def test_a_declined_applicant_reads_why(
    client_of: ClientOf, received: Application, staff: Person
) -> None:
    url = reverse("staff-application-reject", args=[received.number])
    client = client_of(staff)

    nothing_said = client.post(url, {"reason": ""})
    client.post(url, {"reason": "We could not verify the address."})

    assert nothing_said.status_code == 422
    page = client_of(received.applicant).get(reverse("application", args=[received.uuid]))
    assert "We could not verify the address." in page.content.decode()


def test_the_queue_costs_the_same_at_2_and_20_rows(client_of: ClientOf, staff: Person) -> None:
    founder = factories.person()
    client = client_of(staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("staff-applications")).status_code == 200
        return len(captured)

    for _ in range(2):
        factories.application(founder, owner=staff)
    few = queries()
    for _ in range(18):
        factories.application(founder, owner=staff)

    assert queries() == few
    assert few <= 15


def test_opening_an_invitation_changes_nothing(
    client_of: ClientOf, representative: Person, organization: Organization
) -> None:
    client = client_of(representative)
    url = reverse("organization-invitations", args=[organization.slug])
    client.post(url, {"address": "nadia@aurora.example", "role": "colleague"})
    link = link_in(mail_to("nadia@aurora.example", "invitation"))

    Client().get(link)
    stranger = Client().post(link, {"title": "Mine"})

    assert stranger.status_code == 403
    assert Invitation.objects.get().state == "open"
    assert client_of(representative).get(link).status_code == 200


def test_a_forwarded_invitation_mails_its_code_to_the_invited_address_only(
    client_of: ClientOf, representative: Person, organization: Organization, outsider: Person
) -> None:
    url = reverse("organization-invitations", args=[organization.slug])
    client_of(representative).post(url, {"address": "nadia@aurora.example", "role": "colleague"})
    link = link_in(mail_to("nadia@aurora.example", "invitation"))

    client_of(outsider).post(f"{link}code/", {"email": outsider.email})

    assert set(
        Message.objects.filter(kind="sign_in_code").values_list("to_address", flat=True)
    ) == {"nadia@aurora.example"}


def test_an_invitation_is_accepted_with_a_name_or_not_at_all(
    client_of: ClientOf, representative: Person, organization: Organization, staff: Person
) -> None:
    page = reverse("organization-invitations", args=[organization.slug])
    sent = client_of(representative).post(
        page, {"address": "new@lilt.example", "role": "colleague"}
    )
    assert sent.status_code == 302
    link = link_in(mail_to("new@lilt.example", "invitation"))
    invited = Client()
    invited.post(f"{link}code/")
    code = code_in(mail_to("new@lilt.example", "sign_in_code"))
    invited.post(f"{link}code/", {"code": code})
    form = {"title": "", "zone": "UTC", "password": ""}

    for refused, status in ((staff.name, 409), ("Nadia \u202eweN", 422)):
        answer = invited.post(link, {**form, "name": refused})
        assert answer.status_code == status
        assert Invitation.objects.get().state == InvitationState.OPEN
    taken = invited.post(link, {**form, "name": "Nadia New"})

    assert taken.status_code == 302
    assert Invitation.objects.get().accepted_by.name == "Nadia New"


def test_an_unknown_link_is_not_found_and_a_revoked_one_says_so(
    client_of: ClientOf, representative: Person, organization: Organization
) -> None:
    url = reverse("organization-invitations", args=[organization.slug])
    client = client_of(representative)
    client.post(url, {"address": "nadia@aurora.example", "role": "colleague"})
    link = link_in(mail_to("nadia@aurora.example", "invitation"))
    invitation = Invitation.objects.get()

    client.post(reverse("invitation-revoke", args=[organization.slug, invitation.uuid]))

    assert Client().get(link).status_code == 410
    assert Client().get("/invitations/no-such-token/").status_code == 404


def test_invitations_are_seen_by_who_may_send_them(
    client_of: ClientOf,
    organization: Organization,
    member: Person,
    outsider: Person,
    staff: Person,
    representative: Person,
) -> None:
    url = reverse("organization-invitations", args=[organization.slug])

    assert client_of(staff).get(url).status_code == 200
    assert client_of(representative).get(url).status_code == 200
    assert client_of(member).get(url).status_code == 403
    assert client_of(outsider).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_texts_are_public_and_drafts_are_not(
    client_of: ClientOf, staff: Person, texts: list[AgreementVersion]
) -> None:
    steps.in_force(staff, "conduct", "# Conduct\n\nNew words.")
    client_of(staff).post(
        reverse("staff-agreement", args=["conduct"]), {"title": "Conduct", "source": "Third words."}
    )

    assert "New words." in Client().get("/agreements/conduct/").content.decode()
    assert "was replaced" in Client().get("/agreements/conduct/1/").content.decode()
    assert Client().get("/agreements/conduct/3/").status_code == 404
    assert Client().get("/agreements/nonsense/").status_code == 404


def test_a_person_accepts_what_is_due(
    client_of: ClientOf, member: Person, texts: list[AgreementVersion]
) -> None:
    client = client_of(member)
    url = reverse("own-agreements")

    nothing_ticked = client.post(url, {"accept": "on"})
    accepted = client.post(url, {f"accept_{texts[1].uuid}": "on"})

    assert nothing_ticked.status_code == 422
    assert accepted.status_code == 302
    assert "To accept" not in client.get(url).content.decode()


@pytest.mark.parametrize(("role", "status"), [("colleague", 302), ("alternate", 302)])
def test_asking_in_somebody_with_power_wants_a_recent_sign_in(
    client_of: ClientOf, organization: Organization, representative: Person, role: str, status: int
) -> None:
    url = reverse("organization-invitations", args=[organization.slug])
    asked = {"address": "nadia@aurora.example", "role": role}

    response = client_of(representative, recent=False).post(url, asked)

    assert response.status_code == status
    is_sent = response["Location"] == url
    assert is_sent == (role == "colleague")
    assert Invitation.objects.exists() == is_sent


def test_a_step_sent_with_nothing_at_all_names_what_is_missing(
    client_of: ClientOf, draft: Application
) -> None:
    url = reverse("application-step", args=[draft.uuid, "organization"])

    response = client_of(draft.applicant).post(url, b"", content_type="text/plain")

    assert response.status_code == 422
    assert "name" in response.context["form"].errors
