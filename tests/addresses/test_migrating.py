"""Addresses of before, which lost what is not ASCII, become readable and keep redirecting."""

from urllib.parse import quote

import pytest
from django.apps import apps
from django.test import Client

from common.addresses.migrating import lost_letters, make_addresses_readable
from common.search.models import SearchEntry
from members.organizations.models import Organization
from tests import factories
from workinggroups.groups.models import Group


@pytest.mark.parametrize(
    ("slug", "name", "kind"),
    [
        ("organization-3", "日立製作所", "organization"),
        ("organization", "РАН", "organization"),
        ("ukasiewicz-research", "Łukasiewicz Research", "organization"),
        ("rsted", "Ørsted", "organization"),
        ("rsted-2", "Ørsted", "organization"),
        ("ai-hoc", "Đại học", "organization"),
        ("group", "安全性評価", "group"),
        ("odz", "Łódź", "group"),
        ("strae", "Straße", "group"),
        ("ai", "AI 安全性評価", "group"),
        ("zurich-odz", "Zürich Łódź", "group"),
    ],
)
def test_an_address_that_lost_letters_is_known(slug: str, name: str, kind: str) -> None:
    assert lost_letters(slug, name, kind)


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("aurora-labs", "Aurora Labs"),
        ("aurora-labs-2", "Aurora Labs"),
        ("ecole-generale", "École Générale"),
        ("ai-ml", "AI/ML"),
        ("aiml", "AI/ML"),
        ("organization", "Organization"),
        ("chosen", "Łódź"),
        ("aozora-denki", "Aozora Denki あおぞら電機"),
        ("strasse", "Straße"),
        ("a" * 70, "a" * 90),
    ],
)
def test_any_other_address_stays(slug: str, name: str) -> None:
    assert not lost_letters(slug, name, "organization")


@pytest.mark.django_db
def test_things_get_readable_addresses_and_keep_the_former_ones() -> None:
    first = factories.organization("日立製作所", slug="organization")
    second = factories.organization("Ørsted", slug="rsted")
    third = factories.organization("Orsted", slug="orsted")
    entry = SearchEntry.objects.create(
        kind="organization",
        uuid=first.uuid,
        level=0,
        title=first.name,
        url="/members/organization/",
        at=first.created_at,
    )

    for _again in range(2):
        make_addresses_readable(apps, "organization", Organization, "/members/")

    slugs = [one.slug for one in Organization.objects.order_by("pk")]
    assert slugs == ["日立製作所", "orsted-2", "orsted"]
    assert Client().get("/members/organization/")["Location"] == first.get_absolute_url().replace(
        "organization", quote("日立製作所")
    )
    assert Client().get("/members/rsted/")["Location"] == "/members/orsted-2/"
    entry.refresh_from_db()
    assert entry.url == f"/members/{quote('日立製作所')}/"
    assert {second.pk, third.pk} == set(
        Organization.objects.filter(slug__startswith="orsted").values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_a_group_with_a_new_address_keeps_its_list_id() -> None:
    factories.group("安全性評価", slug="group")

    make_addresses_readable(apps, "group", Group, "/groups/")

    group = Group.objects.get()
    assert (group.slug, group.list_name) == ("安全性評価", "group")
