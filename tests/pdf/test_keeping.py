"""Which PDF files stay: those with bytes, ten of a kind, and none with an erased name."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from common.pdf import actions, keeping, tasks
from common.pdf.content import PdfDocument, paragraph
from common.pdf.models import PdfFile
from members.people.models import Person
from tests import factories
from tests.committed import together

OWNER = UUID("00000000-0000-4000-8000-000000000001")
ADA = UUID("00000000-0000-4000-8000-00000000ada0")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def document(words: str = "We met.", people: tuple[UUID, ...] = ()) -> PdfDocument:
    return PdfDocument(title="Minutes", blocks=[paragraph(words)], people=people)


def requested(
    words: str = "We met.", kind: str = "minutes", owner: UUID = OWNER, **more: Any
) -> PdfFile:
    people = more.pop("people", ())
    return actions.request_file(
        owner_uuid=owner,
        kind=kind,
        name="minutes.pdf",
        compose=lambda: document(words, people),
        **more,
    )


def stored(media: Path) -> set[str]:
    """Return the names of all files and folders with the content of a PDF."""
    return {path.name for path in (media / "pdf").glob("*/*")}


def names(files: list[PdfFile]) -> set[str]:
    return {file.uuid.hex for file in files}


# --- lost bytes and dead workers ---------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("left", [None, b"", b"%PDF-1.7"])
def test_a_file_whose_bytes_are_lost_is_offered_to_be_made_again(
    media: Path, left: bytes | None
) -> None:
    file = requested()
    actions.make_waiting()
    (media / file.path).unlink()
    if left is not None:
        (media / file.path).write_bytes(left)

    assert actions.find_file(OWNER, "minutes", document()) is None

    requested()
    actions.make_waiting()
    found = actions.find_file(OWNER, "minutes", document())
    assert found == file
    assert (media / file.path).stat().st_size == found.bytes


@pytest.mark.django_db
def test_rows_without_bytes_go_within_a_day(media: Path) -> None:
    kept, lost = requested(), requested("Lost.")
    actions.make_waiting()
    (media / lost.path).unlink()

    tasks.sweep()

    assert list(PdfFile.objects.all()) == [kept]


@pytest.mark.django_db
def test_a_file_whose_worker_died_can_be_asked_for_again() -> None:
    file = requested()
    actions._claim()
    file.refresh_from_db()
    assert (file.is_coming, file.has_died) == (True, False)
    PdfFile.objects.update(begun_at=timezone.now() - timedelta(minutes=6), attempts=3)
    file.refresh_from_db()
    assert (file.is_coming, file.has_died) == (False, True)

    requested()
    file.refresh_from_db()
    assert (file.state, file.attempts) == ("requested", 0)
    actions.make_waiting()
    file.refresh_from_db()
    assert file.state == "done"


@pytest.mark.django_db
def test_what_a_dead_worker_left_goes_with_the_next_attempt_or_within_a_day(media: Path) -> None:
    file = requested()
    folder = (media / file.path).parent
    mine, stray = folder / f"{file.uuid.hex}-left", folder / f"{uuid4().hex}-left"
    for each in (mine, stray):
        each.mkdir(parents=True)
        (each / "content.json").write_text("Ada Lovelace")
    old = timezone.now().timestamp() - 25 * 3600
    os.utime(stray, (old, old))

    actions.make_waiting()
    assert not mine.exists()
    tasks.sweep()

    assert stored(media) == {file.uuid.hex}


@pytest.mark.django_db
def test_a_worker_that_was_given_up_changes_nothing(media: Path) -> None:
    """Its file was asked for again, and another worker has made it."""
    requested()
    slow = actions._claim()
    assert slow is not None
    PdfFile.objects.update(begun_at=timezone.now() - timedelta(minutes=6))
    actions.make_waiting()
    made_at = PdfFile.objects.get().made_at

    assert actions.make(slow) is None

    assert PdfFile.objects.get().made_at == made_at


# --- ten of a kind -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_latest_ten_of_an_owner_and_kind_stay(media: Path) -> None:
    other, elsewhere = requested(kind="competition"), requested(owner=uuid4())
    for number in range(12):
        requested(f"Text {number}.")
        actions.make_waiting()

    kept = PdfFile.objects.filter(owner_uuid=OWNER, kind="minutes").order_by("made_at")
    assert kept.count() == 10
    texts = [actions.find_file(OWNER, "minutes", document(f"Text {n}.")) for n in range(12)]
    assert texts == [None, None, *kept]
    assert stored(media) == names([*kept, other, elsewhere])


@pytest.mark.django_db
def test_those_that_wait_or_are_made_are_never_removed() -> None:
    waiting = [requested(f"Waiting {number}.") for number in range(12)]
    claimed = actions._claim()
    assert claimed == waiting[0]
    PdfFile.objects.filter(pk__in=[each.pk for each in waiting[1:]]).update(
        requested_at=timezone.now() + timedelta(hours=1)
    )
    for number in range(11):
        file = requested(f"Text {number}.")
        taken = actions._claim()
        assert taken == file
        actions.make(taken)

    states = list(PdfFile.objects.order_by("requested_at").values_list("state", flat=True))
    assert (states.count("running"), states.count("requested"), states.count("done")) == (1, 11, 10)


def test_two_workers_that_store_at_once_leave_ten(committed_db: None, media: Path) -> None:
    for number in range(10):
        requested(f"Text {number}.")
        actions.make_waiting()
    requested("One more.")
    requested("And another.")
    claimed = [actions._claim(), actions._claim()]

    together(*(lambda file=file: actions.make(file) for file in claimed))  # type: ignore[misc]

    assert PdfFile.objects.filter(state="done").count() == 10
    assert stored(media) == names(list(PdfFile.objects.all()))


# --- erased names ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_files_with_an_erased_name_are_removed_in_every_state(media: Path) -> None:
    made, failed = requested("Ada.", people=(ADA,)), requested("Ada 2.", people=(ADA,))
    kept = requested("Bea.", people=(uuid4(),))
    actions.make_waiting()
    PdfFile.objects.filter(pk=failed.pk).update(state="failed")
    requested("Ada 3.", people=(ADA,))
    actions._claim()
    requested("Ada 4.", people=(ADA, uuid4()))

    keeping.forget_person(ADA)

    assert list(PdfFile.objects.all()) == [kept]
    assert stored(media) == {kept.uuid.hex}
    assert not (media / made.path).exists()


@pytest.mark.django_db
def test_files_of_an_owner_and_those_that_cover_it_are_removed() -> None:
    requested()
    requested(owner=uuid4(), kind="series-2026", covers=[uuid4(), OWNER])
    kept = requested(owner=uuid4(), covers=[uuid4()])
    actions.make_waiting()

    keeping.forget_owner(OWNER)

    assert list(PdfFile.objects.all()) == [kept]


@pytest.mark.django_db
def test_a_file_that_is_forgotten_while_it_is_made_does_not_come_back(media: Path) -> None:
    requested("Ada.", people=(ADA,))
    claimed = actions._claim()
    assert claimed is not None
    keeping.forget_person(ADA)

    assert actions.make(claimed) is None

    assert not PdfFile.objects.exists()
    assert stored(media) == set()


@pytest.mark.django_db
def test_a_name_that_is_erased_while_a_file_is_composed_is_not_in_it() -> None:
    composed = []

    def compose() -> PdfDocument:
        composed.append("Ada" if not composed else "Former member")
        if len(composed) == 1:
            keeping.forget_person(ADA)
        return document(composed[-1], (ADA,))

    file = actions.request_file(owner_uuid=OWNER, kind="minutes", name="m.pdf", compose=compose)

    assert composed == ["Ada", "Former member"]
    assert PdfFile.objects.get() == file
    assert "Ada" not in file.content


def test_an_erasure_that_is_not_committed_yet_is_waited_for(committed_db: None) -> None:
    """Whichever is first, no file with the name is left."""
    ada = factories.person("Ada Lovelace")

    def erase() -> None:
        with transaction.atomic():
            Person.objects.filter(pk=ada.pk).update(name="Former member")
            keeping.forget_person(ada.uuid)
            time.sleep(0.05)

    def request(pause: float) -> None:
        def compose() -> PdfDocument:
            name = Person.objects.get(pk=ada.pk).name
            time.sleep(pause)
            return document(name, (ada.uuid,))

        actions.request_file(owner_uuid=OWNER, kind="minutes", name="m.pdf", compose=compose)

    for pause in (0, 0.02, 0.04, 0.06, 0.1):
        Person.objects.filter(pk=ada.pk).update(name="Ada Lovelace")
        together(erase, lambda pause=pause: request(pause))  # type: ignore[misc]
        assert "Ada" not in "".join(PdfFile.objects.values_list("content", flat=True))
        PdfFile.objects.all().delete()
