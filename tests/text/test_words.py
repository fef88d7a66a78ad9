"""Cutting a text into words."""

from hypothesis import given
from hypothesis import strategies as st

from common.text.words import split_words


@given(st.text(max_size=80))
def test_words_joined_are_the_text(text):
    assert "".join(split_words(text)) == text


def test_scripts_without_spaces_are_cut_by_characters():
    assert split_words("安全性を評価") == list("安全性を評価")
    assert split_words("AIの評価2") == ["AI", "の", "評", "価", "2"]


def test_marks_stay_with_their_letters():
    assert split_words("e\u0301te\u0301 ก้า हिन्दी") == [
        *("e\u0301te\u0301", " ", "ก้", "า", " ", "हिन्दी"),
    ]
    assert split_words("👩‍💻👍🏽🇨🇭!") == ["👩‍💻", "👍🏽", "🇨🇭", "!"]
