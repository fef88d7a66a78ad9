"""The page of a publication: what a reader without an account finds."""

from hashlib import sha256

import pytest

from tests import factories
from tests.factories.works import TEXT, approve, approved, in_review, next_version, publication
from workinggroups.deliverables import actions


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(client, path="/catalogue/AS-1/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_what_who_and_under_which_licence(client, chair, group, organization):
    publication(chair, group)

    shown = page(client)

    for words in (
        "AS-1",
        "Evaluation Stack",
        "A common form for results of tests.",
        chair.name,
        organization.name,
        "Creative Commons Attribution 4.0",
        "Trust Benchmarks",
        "Current version.",
        "names who paid",
    ):
        assert words in shown


def test_who_disagreed_stands_beside_the_result(client, chair, group):
    work = approved(chair, group, dissent="Two labs hold it unfair.")
    actions.publish(actor=chair, deliverable=work, number="1.0")

    assert "Two labs hold it unfair." in page(client)


def test_the_affiliation_is_that_of_the_day_of_publication(client, chair, group, organization):
    publication(chair, group)
    organization.name = "Renamed Labs"
    organization.save()

    assert "Aurora Labs" in page(client)
    assert "Renamed Labs" not in page(client)


def test_an_older_version_says_what_took_its_place(client, chair, group):
    first = publication(chair, group)
    next_version(chair, first.deliverable, "1.1", changes="Names the payer")

    assert "Superseded by version 1.1." in page(client, "/catalogue/AS-1/1.0/")
    assert "Names the payer" in page(client, "/catalogue/AS-1/1.0/")
    assert "Current version." in page(client)


def test_a_withdrawn_version_is_a_tombstone(client, chair, group):
    made = publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})
    actions.withdraw(actor=chair, publication=made, reason="The numbers were wrong.")

    shown = page(client)

    assert "The numbers were wrong." in shown
    assert "Evaluation Stack" in shown
    assert "names who paid" not in shown
    assert "data.csv" not in shown


@pytest.mark.parametrize(
    "rest", ["files/data.csv", "text/", "text.md", "SHA256SUMS", "files/nothing.csv"]
)
def test_nothing_of_a_withdrawn_version_is_served(client, chair, group, rest):
    made = publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})
    actions.withdraw(actor=chair, publication=made, reason="Wrong.")

    response = client.get(f"/catalogue/AS-1/1.0/{rest}")

    assert response.status_code == 404
    assert response.content == client.get("/catalogue/AS-9/").content


def test_files_are_for_everybody_and_check_out(client, chair, group):
    made = publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})

    data = b"".join(client.get("/catalogue/AS-1/1.0/files/data.csv").streaming_content)
    text = client.get("/catalogue/AS-1/1.0/text.md").content
    sums = client.get("/catalogue/AS-1/1.0/SHA256SUMS").content

    assert text.decode() == TEXT
    assert sums.decode().splitlines() == [
        f"{sha256(text).hexdigest()}  text.md",
        f"{sha256(data).hexdigest()}  data.csv",
    ]
    assert sha256(sums).hexdigest() == made.sha256
    assert made.sha256 in page(client)


def test_a_file_comes_as_a_download_that_no_browser_runs(client, chair, group):
    publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})

    response = client.get("/catalogue/AS-1/1.0/files/data.csv")
    response.close()

    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_long_text_has_a_page_of_its_own(client, chair, group):
    publication(chair, group, text="# Scope\n\n" + "Many words here. " * 2000)

    assert "Read the full text" in page(client)
    assert len(page(client)) < 60_000
    assert "Many words here." in page(client, "/catalogue/AS-1/1.0/text/")


def test_a_withdrawn_version_can_still_be_cited(client, chair, group):
    made = publication(chair, group)
    actions.withdraw(actor=chair, publication=made, reason="Wrong.")

    assert client.get("/catalogue/AS-1/1.0/cite.txt").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue/AS-2/",
        "/catalogue/AS-1/9.9/",
        "/catalogue/AS-1/1.0/cite.exe",
        "/catalogue/as-1/",
        "/catalogue/AS-1/%00/",
        "/catalogue/AS-1/1.0/files/..%2F..%2Fetc%2Fpasswd",
    ],
)
def test_what_is_not_there_is_not_there(client, chair, group, path):
    publication(chair, group)

    assert client.get(path).status_code in {400, 404}


def test_the_trail_tells_counts_and_never_who_commented(client, chair, member, group):
    work = in_review(chair, group)
    for disposition in ("accepted", "accepted", "partly", "rejected"):
        comment = actions.add_comment(actor=member, deliverable=work, source="A secret remark")
        actions.answer_comment(
            actor=chair, comment=comment, disposition=disposition, answer="Well."
        )
    approve(chair, work)
    actions.publish(actor=chair, deliverable=work, number="1.0")

    shown = page(client)

    assert "4 comments: 2 accepted, 1 partly accepted, 1 not accepted" in shown
    assert "Approved by decision D-1: consensus" in shown
    assert member.name not in shown
    assert "A secret remark" not in shown


def test_a_secret_group_is_never_named(client, outsider):
    secret = factories.group("Incident Response", preset="secret", chair=outsider)
    publication(outsider, secret)

    for path in ("/catalogue/", "/catalogue/AS-1/", "/catalogue/feed.atom", "/sitemap.xml"):
        shown = client.get(path).content.decode()
        assert "Incident" not in shown
        assert "incident-response" not in shown


def test_only_chairs_and_staff_withdraw(client_of, chair, member, staff, group):
    publication(chair, group)
    path = "/catalogue/AS-1/1.0/withdraw/"

    assert client_of(member).post(path, {"reason": "No."}).status_code == 403
    assert client_of(chair, recent=False).post(path, {"reason": "No."}).status_code == 302
    assert client_of(chair).post(path, {"reason": ""}).status_code == 422
    assert client_of(staff).get(path).status_code == 200

    client_of(chair).post(path, {"reason": "Wrong numbers."})

    assert "Wrong numbers." in page(client_of(member))
    assert client_of(chair).post(path, {"reason": "Again."}).status_code == 404


def test_a_stranger_is_asked_to_sign_in_before_anything_is_looked_up(client, chair, group):
    publication(chair, group)

    for identifier in ("AS-1", "AS-99"):
        assert client.get(f"/catalogue/{identifier}/1.0/withdraw/").status_code == 302


def test_words_of_people_are_escaped(client, group, organization):
    evil = factories.member_of(organization, "<b>Eve</b>")
    factories.seat(group, evil, office="co_chair")
    work = approved(
        evil, group, title="<script>t</script>", summary="<img src=s>", dissent="<i>d</i>"
    )
    made = actions.publish(actor=evil, deliverable=work, number="1.0", changes="<u>c</u>")
    actions.withdraw(actor=evil, publication=made, reason="<em>r</em>")

    shown = page(client)

    for markup in ("<b>Eve", "<script>t", "<img src=s", "<i>d", "<u>c", "<em>r"):
        assert markup not in shown
