"""Which bare addresses of a text are links, and where they lead."""

import pytest

from common.text.addresses import bare_addresses
from tests.text.timing import assert_quick


def links(text: str) -> list[str]:
    return [address for _start, _end, address in bare_addresses(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mail ada@example.org", "ada@example.org"),
        ("メールはada@example.orgまで", "ada@example.org"),
        ("mail@x.org", "mail@x.org"),
        ("(ada.quist+a@mail.long-name.example.org).", "ada.quist+a@mail.long-name.example.org"),
        ("ada@example.org-", "ada@example.org"),
        ("ada@example.org_", "ada@example.org"),
    ],
)
def test_a_mail_address_is_a_link(text: str, address: str) -> None:
    assert links(text) == [f"mailto:{address}"]


@pytest.mark.parametrize(
    "text",
    [
        *("a@b-.c", "a@-b.c", "a@b", "@b.example", "a@b.c-.d", "a@b.c_d", "a@b.c@d.e"),
        # A part of it would be the address of somebody else.
        *("jörg@example.org", "ada@mail.example.テスト", "ada@例え.jp", "ada@exämple.org"),
    ],
)
def test_what_is_no_mail_address_or_only_a_part_of_one_is_no_link(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        # Letters behind an ASCII letter or the sign of a sentence end it.
        ("https://a.example/xを見る", "https://a.example/x"),
        ("詳しくはhttps://a.example/docをご覧ください。", "https://a.example/doc"),
        ("https://a.exampleを見る", "https://a.example"),
        ("詳しくはhttps://a.example/をご覧ください。", "https://a.example/"),
        ("(https://a.example/x)を見る", "https://a.example/x"),
        ("https://a.example/x.次は", "https://a.example/x"),
        ("https://a.example/x５月", "https://a.example/x"),
        # Letters behind a slash or an equals sign belong to it.
        ("https://ja.wikipedia.org/wiki/さくら", "https://ja.wikipedia.org/wiki/さくら"),
        ("https://ja.wikipedia.org/wiki/さくら を", "https://ja.wikipedia.org/wiki/さくら"),
        ("参照：https://a.example/日本語の文法。", "https://a.example/日本語の文法"),
        ("(https://a.example/日本語の文法)", "https://a.example/日本語の文法"),
        ("「https://a.example/佐々木」", "https://a.example/佐々木"),
        ("https://a.example/ต้นไม้", "https://a.example/ต้นไม้"),
        ("https://a.example/벚꽃 참고", "https://a.example/벚꽃"),
        ("https://a.example/耳をすませば", "https://a.example/耳をすませば"),
        ("https://a.example/桜/x?q=日本#歴史", "https://a.example/桜/x?q=日本#歴史"),
        ("https://a.example/?q=日本", "https://a.example/?q=日本"),
        ("https://a.example/x#概要", "https://a.example/x#概要"),
        ("https://a.example/日本語Wiki2の文法", "https://a.example/日本語Wiki2の文法"),
        # A host is whole.
        ("http://例え.jp/x", "http://例え.jp/x"),
        ("http://例え.jp", "http://例え.jp"),
        ("http://例え.テスト/さくら", "http://例え.テスト/さくら"),
        ("www.例え.jp", "https://www.例え.jp"),
        ("http://пример.рф/путь и", "http://пример.рф/путь"),
        # Other scripts and signs.
        ("https://a.example/x।", "https://a.example/x"),
        ("https://a.example/x، ثم", "https://a.example/x"),
        ("https://a.example/x{:target=", "https://a.example/x"),
        ("https://a.example/x{y}", "https://a.example/x{y}"),
    ],
)
def test_an_address_leads_where_its_writer_meant(text: str, address: str) -> None:
    assert links(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "http://例え.jpを見る",
        "http://例え.テストを見る",
        "http://例えを見る",
        "https://exampleテスト.jp/x",
        "https://www.a-例え.jp",
        "https://a.example/wiki/Category:日本",
        "https://a.example/x_(曖昧さ回避)",
        "https://a.example/x-日本",
        "https://a.example/さくら（花）",
        "請看https://a.example/說明",
        "https://a.example/さくらを見てください。",
        "https://a.example/벚꽃을 보세요",
        "https://a.example/はこちら",
        "https://a.example/桜/xを見る",
        "www.を見る",
    ],
)
def test_where_an_address_ends_nobody_can_tell_there_is_no_link(text: str) -> None:
    assert links(text) == []


def test_each_of_several_addresses_is_a_link() -> None:
    assert links("https://a.example/xを見てhttps://b.example/y、またはada@c.exampleへ") == [
        "https://a.example/x",
        "https://b.example/y",
        "mailto:ada@c.example",
    ]
    assert links("https://a.example/桜https://b.example/y") == ["https://b.example/y"]


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "https://a.b/xを(",
            "https://a.b/を見る",
            "https://a.b/桜",
            "https://a.bを",
            "http://桜.",
        ),
        *(
            "www.桜",
            "a@b-",
            "a-",
            "a@b.c-",
            "a@b.c_",
            "https://a.b/桜/x=",
            "https://桜a.",
            "{:",
            "x.",
        ),
        *("https://a.b/桜https://", "をhttps://a.b/桜、", "a@b.c.桜", "https://a.b/桜="),
    ],
)
def test_no_text_of_addresses_takes_long(pattern: str) -> None:
    text = pattern * (200_000 // len(pattern))

    assert_quick(lambda: links(f"@www.{text}"), 0.4)
    assert_quick(lambda: links(f"https://a.b/{text}"), 0.4)
    assert_quick(lambda: links(f"https://桜{text}"), 0.4)
