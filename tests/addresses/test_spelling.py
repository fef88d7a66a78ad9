"""What address a name makes."""

import unicodedata
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings

from common.addresses.spelling import (
    ADDRESS_MAX_CHARACTERS,
    MADE_MAX_BYTES,
    address_of,
    is_address,
)
from tests.names.alphabets import anything, names


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("日立製作所", "日立製作所"),
        ("РАН", "ran"),
        ("Łukasiewicz Research Network", "lukasiewicz-research-network"),
        ("Ørsted", "orsted"),
        ("Đại học Bách khoa", "dai-hoc-bach-khoa"),
        ("安全性評価", "安全性評価"),
        ("Łódź", "lodz"),
        ("Þjóðskrá", "thjodskra"),
        ("Straße", "strasse"),
        ("Πανεπιστήμιο Αθηνών", "panepistimio-athinon"),
        ("თბილისი", "tbilisi"),
        ("서울대학교", "서울대학교"),
        ("มหาวิทยาลัยธรรมศาสตร์", "มหาวิทยาลัยธรรมศาสตร์"),
        ("जामिया मिल्लिया", "जामिया-मिल्लिया"),
        ("日立 Hitachi・研究所", "日立-hitachi-研究所"),
        ("ＡＩ評価", "ai評価"),
        ("O’Brien & Sons, Ltd.", "obrien-sons-ltd"),
        ("C++", "c"),
        ("🚀", "rocket"),
        ("!!!", "exclamation-mark"),
        ("→ ←", "rightwards-arrow-leftwards-arrow"),
    ],
)
def test_the_address_can_be_read(name: str, address: str) -> None:
    assert address_of(name) == address


@settings(max_examples=60)
@given(anything | names)
@example("a" * 200)
@example("評" * 120)
@example("ก่" * 60)
@example("\u0301")
def test_an_address_is_stable_short_and_survives_the_wire(name: str) -> None:
    address = address_of(name)

    assert address == "" or is_address(address)
    assert address_of(address) == address
    assert address_of(unicodedata.normalize("NFD", name)) == address
    assert unquote(quote(address)) == address
    assert len(address) < ADDRESS_MAX_CHARACTERS
    assert len(address.encode()) <= MADE_MAX_BYTES


@settings(max_examples=60)
@given(names)
def test_every_name_of_letters_has_an_address(name: str) -> None:
    assert address_of(name)


@pytest.mark.parametrize("text", ["", "a/b", "a b", "a\nb", "a?b", "\u0301a", "x" * 81, "a\u200db"])
def test_what_cannot_be_an_address_is_none(text: str) -> None:
    assert not is_address(text)
