"""Names of the files attached to one thing, distinct on any file system."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.files.types import name_key


def refuse_taken(name: str, names: Iterable[str], reserved: Iterable[str] = ()) -> None:
    """Raise Invalid where `name` differs from another only in case or composition.

    `reserved` are the names of generated files that are downloaded with them.
    """
    key = name_key(name)
    if key in {name_key(other) for other in reserved}:
        raise Invalid(
            _("The text itself is downloaded as %(name)s. Rename this file.") % {"name": name},
            "file",
        )
    taken = next((other for other in names if name_key(other) == key), None)
    if taken is not None:
        raise Invalid(
            _("There is already a file named %(name)s. Remove it first, or rename this one.")
            % {"name": taken},
            "file",
        )
