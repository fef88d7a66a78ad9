"""How names sort, how they are looked up, and which are equal."""

import unicodedata

import pytest
from hypothesis import example, given, settings

from common.names import look_alike, lookup_key, name_words, same_name, sort_key
from tests.names.alphabets import anything, names


def finds(typed: str, name: str) -> bool:
    return all(word in lookup_key(name) for word in name_words(typed))


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Lukasz", "Łukasz Nowak"),
        ("nowak lukasz", "Łukasz Nowak"),
        ("Soren", "Søren Ærø"),
        ("aero", "Søren Ærø"),
        ("Dang", "Đặng Thị Hương"),
        ("thi dang", "Đặng Thị Hương"),
        ("Thora", "Þóra"),
        ("Wroclaw", "Politechnika Wrocławska"),
        ("Athina", "Πανεπιστήμιο Αθήνας"),
        ("Ivan", "Иван Щукин"),
        ("Иван", "Ivan Shchukin"),
        ("иван", "Иван Щукин"),
        ("strasse", "Hauptstraße"),
        ("OBrien", "Siobhán O’Brien"),
        ("O'Brien", "Siobhán O’Brien"),
        ("Luc", "Jean-Luc"),
        ("山田太郎", "山田 太郎"),
        ("太郎", "山田太郎"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("ＡＣＭＥ", "Acme"),
        ("김철수", "김 철수"),
        ("ירושלים", "יְרוּשָׁלַיִם"),
        ("محمد", "مُحَمَّد"),
    ],
)
def test_a_name_is_found_as_people_type_it(typed: str, name: str) -> None:
    assert finds(typed, name)


@pytest.mark.parametrize(("typed", "name"), [("が", "か"), ("ก่", "ก้"), ("क्", "ख")])
def test_signs_that_carry_meaning_are_looked_up(typed: str, name: str) -> None:
    assert not finds(typed, name)


@settings(max_examples=60)
@given(anything | names)
@example("C++ 🚀")
@example("ﬁ ŉ ẞ ΐ ᾳ ǰ")
def test_every_word_of_a_name_finds_it_however_it_is_encoded(name: str) -> None:
    for word in name.split():
        for form in ("NFC", "NFD"):
            assert finds(unicodedata.normalize(form, word), name)
        assert finds(full_width(word), name)


@settings(max_examples=60)
@given(names)
def test_capitals_make_no_difference(name: str) -> None:
    for word in name.split():
        assert finds(word.casefold(), name)
        assert finds(word.title(), name)


@settings(max_examples=60)
@given(names)
def test_a_name_is_the_same_in_every_composition_and_case(name: str) -> None:
    assert same_name(name, unicodedata.normalize("NFD", name))
    assert same_name(name, unicodedata.normalize("NFC", name).casefold())
    assert same_name(name, f"  {name} ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("か", "が"),
        ("は", "ば"),
        ("Muñoz", "Munoz"),
        ("Łódź", "Lodz"),
        ("ก่", "ก้"),
        ("ก", "ก่"),
        ("क", "क्"),
        ("Иван", "Ivan"),
    ],
)
def test_names_that_differ_in_a_sign_are_different_names(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_latin_letters_stand_beside_their_plain_form() -> None:
    listed = sorted(["Mora", "Łukasz", "Lukas", "Øst", "Ost", "Þóra", "Thor", "Zoë"], key=sort_key)

    assert listed == ["Lukas", "Łukasz", "Mora", "Øst", "Ost", "Thor", "Þóra", "Zoë"]


def test_other_scripts_sort_after_latin_in_their_own_order() -> None:
    assert sorted(["日立", "Борис", "Zoë", "Анна"], key=sort_key) == [
        "Zoë",
        "Анна",
        "Борис",
        "日立",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aurora Labs", "AURORA-LABS"),
        ("Aurora Labs", "Аurоrа Labs"),
        ("Alpha", "AIpha"),
        ("Alpha", "A1pha"),
        ("Modern Times", "Rnodern Times"),
        ("Zürich AI", "Zurich AI"),
        ("Bełt", "Belt"),
        ("Hải Hà", "HẢI HÀ"),
        ("Hải Hà", "Hải Hа\u0300"),  # with a Cyrillic а
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("ıstanbul", "istanbul"),
        ("Aurora", "ＡＵＲＯＲＡ"),
        ("Aurora Labs", "Aurora\u200b Labs."),
    ],
)
def test_names_that_look_the_same_are_told(one: str, other: str) -> None:
    assert look_alike(one, other)
    assert look_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aurora Labs", "Aurora Lab"),
        ("Mali", "Mall"),
        ("か", "が"),
        ("ハンカ", "ハンガ"),
        ("क्", "क"),
        ("Hải Hà", "Hải Hạ"),
        ("Hải Hà", "Hải Ha"),
        ("Hội Sơn", "Hội Son"),
        ("Lê", "Le"),
        ("Mǎ", "Má"),
        ("Año", "Ano"),
        ("東京大学", "東北大学"),
        ("Сбер", "Sber"),
        ("", "."),
    ],
)
def test_names_that_read_differently_do_not_look_the_same(one: str, other: str) -> None:
    assert not look_alike(one, other)


@settings(max_examples=60)
@given(names)
def test_every_name_looks_like_itself_in_other_letters(name: str) -> None:
    for written in (name.upper(), name.lower(), f" {name} ", unicodedata.normalize("NFD", name)):
        if same_name(name, written):
            assert look_alike(name, written)
