"""Staff see which files failed, as far as they may know of them, and have them tried again."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from common.files.choices import PictureState
from common.files.models import PictureCopy
from common.search.choices import FileState, Reason
from common.search.files import note_unread, read_next
from common.search.models import FileText
from members.people.models import Person
from tests import factories
from tests.api.conftest import Api, api_of  # noqa: F401 - a fixture
from tests.factories import works
from tests.factories.files import png
from workinggroups.deliverables.actions.drafting import add_file
from workinggroups.groups.models import Group

PAGE = "/staff/files/"


def failed_work(chair: Person, group: Group, title: str) -> FileText:
    """A damaged PDF in a work of the group, which the worker tried to read."""
    work = works.deliverable(chair, group, title=title)
    add_file(actor=chair, deliverable=work, upload=ContentFile(b"%PDF-1.4 no", name=f"{title}.pdf"))
    note_unread()
    while read_next():
        pass
    return FileText.objects.get(stored__name=f"{title}.pdf")


@pytest.fixture
def groups(chair: Person) -> list[Group]:
    return [
        factories.group(name, preset=preset, chair=chair)
        for name, preset in (("Open Tools", "open"), ("Policy", "closed"), ("Incidents", "secret"))
    ]


def test_staff_read_names_only_where_they_may_read_the_file(
    chair: Person,
    groups: list[Group],
    staff: Person,
    client_of: Callable[..., Client],
    api_of: Callable[..., Api],  # noqa: F811
) -> None:
    shown, closed, secret = (failed_work(chair, group, group.name) for group in groups)
    client = client_of(staff)

    page = client.get(PAGE).content.decode()

    assert "Open Tools.pdf" in page
    assert "Policy.pdf" not in page
    assert str(closed.pk) in page
    assert str(groups[1]) in page
    assert "Incidents" not in page
    assert str(secret.pk) in page
    assert page.count(str(Reason.BROKEN.label)) == 3
    assert "3 files could not be read" in client.get("/staff/").content.decode()
    rows = {row["uuid"]: row for row in api_of(staff).get("failed-files/").json()["results"]}
    assert rows[str(shown.pk)]["name"] == "Open Tools.pdf"
    assert (rows[str(secret.pk)]["name"], rows[str(secret.pk)]["group"]) == ("", None)
    assert rows[str(closed.pk)]["group"] == groups[1].slug
    assert rows[str(closed.pk)]["reasons"] == [Reason.BROKEN.label]

    opened = factories.break_glass(groups[2], staff)
    assert "Incidents.pdf" in client.get(PAGE).content.decode()
    (read,) = opened.reads.all()
    assert read.address.startswith(f"/groups/{groups[2].slug}/")


def test_a_failed_file_is_tried_again_alone_or_with_all_others(
    chair: Person, groups: list[Group], staff: Person, client_of: Callable[..., Client]
) -> None:
    text = failed_work(chair, groups[0], "Damaged")
    other = failed_work(chair, groups[0], "Also damaged")
    works.attach(chair, works.deliverable(chair, groups[0]), "figure.png", png())
    client = client_of(staff)

    client.post(f"{PAGE}{text.pk}/")

    text.refresh_from_db()
    other.refresh_from_db()
    assert (text.state, text.attempts, text.reason) == (FileState.WAITING, 0, "")
    assert other.state == FileState.FAILED
    while read_next():
        pass
    PictureCopy.objects.update(state=PictureState.FAILED, failure="unreadable")
    client.post(f"{PAGE}retry/")
    assert set(FileText.objects.filter(pk__in=[text.pk, other.pk]).values_list("state")) == {
        (FileState.WAITING,)
    }
    assert not PictureCopy.objects.filter(state=PictureState.FAILED).exists()
    assert "Damaged.pdf" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{text.pk}/").status_code == 404
