"""A form sent twice, at once or one after the other, makes one thing and leads to it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.access.levels import Level
from members.people.models import Person
from tests import factories
from tests.browser import signed_in
from tests.committed import together
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.models import Group

LEVEL = str(Level.MEMBERS.value)


def key_of(browser: Client, url: str) -> str:
    found = re.search(r'name="once" value="(\w+)"', browser.get(url).content.decode())
    assert found is not None
    return found[1]


def test_sent_by_four_threads_at_once_it_makes_one_topic(committed_db: str) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"), "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    url = reverse("topic-start", args=[group.slug])
    browser = signed_in(chair)
    typed = {"title": "The limit", "source": "Needed?", "level": LEVEL, "once": ""}
    typed["once"] = key_of(browser, url)
    answers: list[Any] = []

    def send() -> None:
        twin = Client()
        twin.cookies = browser.cookies
        answers.append(twin.post(url, typed))

    together(*[send] * 4)

    assert Topic.objects.count() == 1
    assert Post.objects.count() == 1
    assert {answer.status_code for answer in answers} == {302}
    assert {answer["Location"] for answer in answers} == {Topic.objects.get().get_absolute_url()}


@pytest.fixture
def writing(group: Group, chair: Person, client_of: Callable[..., Client]) -> tuple[Client, str]:
    browser = client_of(chair)
    return browser, reverse("topic-start", args=[group.slug])


def test_a_changed_form_is_another_one(writing: tuple[Client, str]) -> None:
    """Whoever goes back, types something else and sends it wants a second thing."""
    browser, url = writing
    typed = {"source": "Needed?", "level": LEVEL, "once": key_of(browser, url)}

    for title in ("The limit", "The other limit", "The limit"):
        assert browser.post(url, {**typed, "title": title}).status_code == 302

    assert set(Topic.objects.values_list("title", flat=True)) == {"The limit", "The other limit"}
    assert Topic.objects.count() == 2


def test_a_refused_form_can_be_sent_again(writing: tuple[Client, str]) -> None:
    browser, url = writing
    typed = {"title": "", "source": "Needed?", "level": LEVEL, "once": key_of(browser, url)}

    assert browser.post(url, typed).status_code == 422
    assert browser.post(url, typed).status_code == 422
    assert browser.post(url, {**typed, "title": "The limit"}).status_code == 302
    assert Topic.objects.count() == 1


def test_the_key_of_one_person_is_nothing_to_another(
    writing: tuple[Client, str], group: Group, member: Person, client_of: Callable[..., Client]
) -> None:
    browser, url = writing
    typed = {"title": "The limit", "source": "Needed?", "level": LEVEL}
    typed["once"] = key_of(browser, url)

    for sender in (browser, client_of(member)):
        assert sender.post(url, typed).status_code == 302

    assert Topic.objects.count() == 2


def test_without_a_cache_the_form_is_taken(writing: tuple[Client, str], settings: Any) -> None:
    browser, url = writing
    typed = {"title": "The limit", "source": "Needed?", "level": LEVEL, "once": "a-key"}
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nonexistent/valkey.sock"}
    }

    assert browser.post(url, typed).status_code == 302
    assert Topic.objects.count() == 1
