"""The licences that a work can have: SPDX identifier, name and address of the text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    spdx: str
    name: str
    url: str


_ALL = [
    Licence(
        "CC-BY-4.0",
        "Creative Commons Attribution 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    Licence(
        "CC-BY-SA-4.0",
        "Creative Commons Attribution-ShareAlike 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    Licence(
        "CC0-1.0",
        "Creative Commons Zero 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    Licence("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    Licence("MIT", "MIT License", "https://opensource.org/license/mit"),
    Licence("BSD-3-Clause", "BSD 3-Clause License", "https://opensource.org/license/bsd-3-clause"),
    Licence("MPL-2.0", "Mozilla Public License 2.0", "https://www.mozilla.org/MPL/2.0/"),
    Licence(
        "GPL-3.0-or-later",
        "GNU General Public License 3 or later",
        "https://www.gnu.org/licenses/gpl-3.0.html",
    ),
    Licence(
        "CDLA-Permissive-2.0",
        "Community Data License Agreement, Permissive 2.0",
        "https://cdla.dev/permissive-2-0/",
    ),
    Licence(
        "ODC-By-1.0",
        "Open Data Commons Attribution 1.0",
        "https://opendatacommons.org/licenses/by/1-0/",
    ),
]
LICENCES = {licence.spdx: licence for licence in _ALL}
# For a model's or a form's `choices`.
LICENCE_CHOICES = [(licence.spdx, licence.name) for licence in _ALL]
