import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.test import Client

from common.record.actions import write
from members.people.models import Person
from tests import factories
from tests.browser import queries_of


def acts(person: Person, count: int = 1) -> None:
    for number in range(count):
        write(
            actor_uuid=person.uuid,
            verb="approved",
            kind="application",
            object_uuid=person.uuid,
            facts={"number": number},
        )


def test_the_head_is_public_and_names_nobody(committed_db: str) -> None:
    person = factories.person("Petra Public")
    acts(person)

    page = Client().get("/record/").content.decode()

    assert "Newest checksum" in page
    assert "Petra" not in page
    assert str(person.uuid) not in page


def test_one_reads_ones_own_acts_and_nobody_elses(
    member: Person, stranger: Person, client_of: Callable[..., Client]
) -> None:
    acts(member)

    assert "application" in client_of(member).get("/record/own/").content.decode()
    assert "application" not in client_of(stranger).get("/record/own/").content.decode()


def test_act_names_its_thing_only_to_those_who_see_it(
    member: Person, staff: Person, client_of: Callable[..., Client]
) -> None:
    secret = factories.group(preset="secret", chair=member)
    write(actor_uuid=member.uuid, verb="renamed", kind="group", object_uuid=secret.uuid)

    of_staff = client_of(staff).get("/staff/record/").content.decode()
    of_member = client_of(member).get("/record/own/").content.decode()
    of_staff, of_member = " ".join(of_staff.split()), " ".join(of_member.split())

    assert "<strong>Renamed</strong> · Group" in of_staff
    assert secret.name not in of_staff
    assert f'<strong>Renamed</strong> · Group: <a href="{secret.get_absolute_url()}">' in of_member


def test_all_acts_are_for_staff(
    member: Person, staff: Person, client_of: Callable[..., Client]
) -> None:
    acts(member)

    assert client_of(member).get("/staff/record/").status_code == 404
    assert client_of(member).get("/staff/record/export/").status_code == 404
    assert member.name in client_of(staff).get("/staff/record/").content.decode()


def test_the_list_of_acts_costs_the_same_at_two_and_at_twenty(
    member: Person, staff: Person, client_of: Callable[..., Client]
) -> None:
    client = client_of(staff)
    acts(member, 2)
    at_two = queries_of(client, "/staff/record/")
    acts(member, 18)

    assert queries_of(client, "/staff/record/") == at_two <= 15


def test_the_export_is_proved_by_the_stand_alone_verifier(
    committed_db: str, tmp_path: Path
) -> None:
    from tests import factories
    from tests.browser import signed_in

    staff = factories.person("Sade Staff", staff=True)
    acts(staff, 3)
    file = tmp_path / "record.jsonl"
    answer = signed_in(staff).get("/staff/record/export/")
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]

    verifier = Path(__file__).parents[2] / "common/record/verify.py"
    proof = subprocess.run([sys.executable, verifier, file], capture_output=True, text=True)

    assert proof.returncode == 0, proof.stdout + proof.stderr
