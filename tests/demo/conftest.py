"""One load serves all tests of this folder, which only read what it made."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.committed import copied_db


@pytest.fixture(scope="package")
def loaded(
    migrated_db: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The small demo, committed in a database of its own and with files of its own."""
    from django.test import override_settings

    from demo.loading import load

    files = tmp_path_factory.mktemp("files")
    with copied_db(django_db_blocker), override_settings(MEDIA_ROOT=files, DEVELOPMENT=True):
        load(print)
        yield
        connection.close()
