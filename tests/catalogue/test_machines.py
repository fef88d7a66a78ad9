"""Feed, map of the site, robots, and whom to warn."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from members.organizations.models import Organization
from tests.factories.works import approved, deliverable, in_review, next_version, publication
from workinggroups.deliverables import actions
from workinggroups.deliverables.actions import people as deliverables

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(client):
    feed = ElementTree.fromstring(client.get("/catalogue/feed.atom").content)  # noqa: S314  (our own)
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_the_feed_has_each_version_newest_first(client, chair, group):
    first = publication(chair, group)
    next_version(chair, first.deliverable, "1.1")

    assert entries(client) == ["AS-1 Evaluation Stack 1.1", "AS-1 Evaluation Stack 1.0"]


def test_the_feed_tells_of_a_withdrawal(client, chair, group):
    made = publication(chair, group)
    actions.withdraw(actor=chair, publication=made, reason="Wrong numbers.")

    assert entries(client) == ["Withdrawn: AS-1 Evaluation Stack 1.0"]
    assert "Wrong numbers." in client.get("/catalogue/feed.atom").content.decode()


@pytest.mark.parametrize("summary", ["Use List<String> & AT&amp;T <b>now</b>.", "<TBD>", "1 < 2"])
def test_the_feed_says_a_summary_and_a_reason_as_they_were_typed(client, chair, group, summary):
    publication(chair, group, summary=summary)
    withdrawn = publication(chair, group)
    actions.withdraw(actor=chair, publication=withdrawn, reason=summary)

    shown = feedparser.parse(client.get("/catalogue/feed.atom").content).entries

    assert [entry.summary for entry in shown] == [summary, summary]
    assert {entry.summary_detail.type for entry in shown} == {"text/plain"}


def test_nothing_unpublished_is_in_feed_or_map(client, chair, group):
    deliverable(chair, group, title="Quetzal")
    in_review(chair, group, title="Quetzal two", reviewers="alliance")
    approved(chair, group, title="Quetzal three")

    for path in ("/catalogue/feed.atom", "/sitemap.xml", "/robots.txt"):
        shown = client.get(path).content.decode()
        assert "Quetzal" not in shown
        assert "deliverables" not in shown


def test_the_map_is_xml_with_whole_addresses(client, chair, group):
    publication(chair, group)

    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  (our own)

    addresses = [node.text for node in tree.iter(f"{MAP}loc")]
    assert "http://testserver/catalogue/AS-1/" in addresses
    assert "http://testserver/groups/trust-benchmarks/" in addresses
    assert all(address.startswith("http://testserver/") for address in addresses)


def test_each_entry_of_the_feed_names_all_its_authors(client, chair, member, group):
    work = approved(chair, group)
    deliverables.name_authors(actor=chair, deliverable=work, people=[member, chair])
    actions.publish(actor=chair, deliverable=work, number="1.0")

    answer = client.get("/catalogue/feed.atom")
    feed = feedparser.parse(
        answer.content, response_headers={"content-type": answer["Content-Type"]}
    )

    assert (feed.bozo, feed.version) == (False, "atom10")
    (entry,) = feed.entries
    assert [author.name for author in entry.authors] == [member.name, chair.name]
    # What RFC 4287 asks of a feed and of each entry.
    for thing in (feed.feed, entry):
        assert all([thing.id, thing.title, thing.updated_parsed, thing.link])
    assert feed.feed.author == "Alliance"


def test_the_map_says_when_each_page_last_changed(client, chair, group, organization):
    made = publication(chair, group)

    def said():
        tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  (our own)
        return {
            urlsplit(node.findtext(f"{MAP}loc")).path: datetime.fromisoformat(
                node.findtext(f"{MAP}lastmod")
            )
            for node in tree
        }

    before = said()
    Organization.objects.filter(pk=organization.pk).update(name="Borealis Labs")
    organization.refresh_from_db()

    assert before["/catalogue/AS-1/"] == made.published_at
    assert all(moment <= timezone.now() for moment in before.values())
    page = organization.get_absolute_url()
    assert said()[page] == organization.changed_at
    assert organization.changed_at > before[page]


def test_robots_are_kept_from_the_desk_and_shown_the_map(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /my/" in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_whoever_found_a_weakness_learns_whom_to_tell(client, db, settings):
    settings.SECURITY_CONTACT = "safety@alliance.example"

    answer = client.get("/.well-known/security.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:safety@alliance.example"
    assert said["Canonical"] == "http://testserver/.well-known/security.txt"
    lasts = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=30) < lasts < timedelta(days=365)
