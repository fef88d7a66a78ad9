from io import StringIO

from django.core.management import call_command
from django.test import Client


def test_the_description_of_the_api_has_no_warnings() -> None:
    out = StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)

    assert "openapi: 3.1.0" in out.getvalue()


def test_every_operation_says_how_it_fails(db: None) -> None:
    schema = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()

    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert {"400", "401", "403", "404", "429"} <= set(operation["responses"]), (
                path,
                method,
            )
