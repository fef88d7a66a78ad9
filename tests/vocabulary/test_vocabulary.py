"""The words all rooms share."""

import pytest

from common.vocabulary.licences import LICENCE_CHOICES, LICENCES
from common.vocabulary.models import FocusArea


@pytest.mark.django_db
def test_alliance_begins_with_eight_focus_areas_in_order() -> None:
    areas = list(FocusArea.objects.values_list("slug", flat=True))

    assert areas == [
        "safety",
        "models-and-data",
        "tools-and-agents",
        "education",
        "policy",
        "climate",
        "social-good",
        "hardware",
    ]
    assert len(set(FocusArea.objects.values_list("glyph", "hue"))) == 8


def test_each_licence_has_a_name_and_a_text_to_read() -> None:
    assert {"CC-BY-4.0", "CC0-1.0", "Apache-2.0", "MIT", "CDLA-Permissive-2.0"} <= set(LICENCES)
    assert all(licence.url.startswith("https://") for licence in LICENCES.values())
    assert [spdx for spdx, _ in LICENCE_CHOICES] == list(LICENCES)
