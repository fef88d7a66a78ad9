"""The words that all apps share."""

import pytest

from common.vocabulary.countries import code_of, countries
from common.vocabulary.country_names import ALPHA_3, NATIVE_NAMES, OTHER_CODES, OTHER_NAMES
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


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Ivory Coast", "CI"),
        ("CÔTE D’IVOIRE", "CI"),
        ("United States of America", "US"),
        ("the gambia", "GM"),
        ("St. Kitts & Nevis", "KN"),
        ("Kingdom of Spain", "ES"),
        ("Korea, Republic of", "KR"),
        ("Korea (North)", "KP"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Republic of China", "TW"),
        ("People's Republic of China", "CN"),
        ("Swaziland", "SZ"),
        ("Türkiye", "TR"),
        ("Georgia", "GE"),
        ("UK", "GB"),
        ("ＵＫ", "GB"),
        ("ｊｐ", "JP"),
        ("U.S.A.", "US"),
        ("U. S.", "US"),
        ("usa", "US"),
        ("DEU", "DE"),
        ("GER", "DE"),
        ("D.R. Congo", "CD"),
        ("Ｇｅｒｍａｎｙ", "DE"),
        ("Deutschland", "DE"),
        ("Suisse", "CH"),
        ("ESPANA", "ES"),
        ("Ελλάδα", "GR"),
        ("РОССИЯ", "RU"),
        ("日本", "JP"),
        ("대한민국", "KR"),
        ("المملكة العربية السعودية", "SA"),
        ("ประเทศไทย", "TH"),
        ("Kosovo", "XK"),
        ("Republic of Kosovo", "XK"),
        ("XK", "XK"),
        ("Narnia", "NARNIA"),
        ("Republic of", "REPUBLIC OF"),
    ],
)
def test_a_country_is_known_by_the_names_people_and_official_lists_use(
    typed: str, code: str
) -> None:
    assert code_of(typed) == code


def test_each_country_is_known_by_its_own_name_before_others() -> None:
    assert {code_of(name) for name in countries().values()} == set(countries())
    for table in (OTHER_NAMES, NATIVE_NAMES):
        for code, names in table.items():
            assert {name: code_of(name) for name in names} == dict.fromkeys(names, code)


def test_each_country_has_one_code_of_three_letters_and_no_other_code_is_one_of_these() -> None:
    assert sorted(ALPHA_3.values()) == sorted(set(countries()) - {"XK"})
    assert all(len(code) == 3 for code in ALPHA_3)
    assert {code_of(code) for code in ALPHA_3} == set(ALPHA_3.values())
    assert not set(OTHER_CODES) & {*countries(), *ALPHA_3}
    assert {code_of(code) for code in OTHER_CODES} == set(OTHER_CODES.values()) <= set(countries())
