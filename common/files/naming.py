"""Names of files that hang on one thing: each can be told from all others on any computer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.files.types import name_key


def refuse_taken(name: str, names: Iterable[str], reserved: Iterable[str] = ()) -> None:
    """Raises Invalid where `name` equals one of these in all but case or composition.

    A file of ours that is downloaded beside them (`reserved`) keeps its name.
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
