"""Copies of pictures: what they lose, what they keep, and that no original breaks anything."""

import io
import json
import struct
import subprocess
import sys
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image, ImageCms

from common.files import drawing, pictures
from common.files.actions import discard, store, sweep
from common.files.choices import PictureFailure
from common.files.models import PictureCopy, StoredFile
from common.files.responses import show_picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" {}>{}</svg>'
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def rendered(
    folder: Path, content: bytes, ending: str
) -> tuple[dict[str, Any], Image.Image | None]:
    """What is said of the picture, and the copy. In this process: for pictures that are good."""
    original, copy = folder / f"a.{ending}", folder / "copy"
    original.write_bytes(content)
    try:
        said = drawing.draw(original, copy, TYPES[ending])
    except drawing.Failure as failure:
        return {"failure": str(failure)}, None
    with Image.open(copy) as opened:
        opened.load()
        return said, opened.copy()


def svg(attributes: str, content: str) -> bytes:
    return SVG.format(attributes, content).encode()


def test_copy_has_no_metadata_and_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    exif.get_ifd(0x8825)[2] = (50.0, 5.0, 1.0)
    photo = saved(Image.new("RGB", (300, 200), "red"), "JPEG", exif=exif, comment=b"taken at home")

    said, copy = rendered(tmp_path, photo, "jpg")

    assert copy is not None
    assert (said["width"], said["height"], copy.size) == (200, 300, (200, 300))
    assert not copy.getexif()
    assert b"taken at home" not in (tmp_path / "copy").read_bytes()


def test_colours_are_those_that_the_profile_means(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = saved(Image.new("RGB", (30, 20), (200, 30, 40)), "PNG", icc_profile=profile)

    _said, copy = rendered(tmp_path, photo, "png")

    assert copy is not None
    assert "icc_profile" not in copy.info
    assert all(abs(a - b) < 4 for a, b in zip(copy.getpixel((3, 3)), (200, 30, 40), strict=True))


@pytest.mark.parametrize(
    ("mode", "form", "ending"),
    [
        ("CMYK", "JPEG", "jpg"),
        ("L", "JPEG", "jpg"),
        ("I;16", "PNG", "png"),
        ("1", "PNG", "png"),
        ("P", "PNG", "png"),
        ("LA", "PNG", "png"),
        ("RGBA", "PNG", "png"),
        ("RGBA", "WEBP", "webp"),
        ("P", "GIF", "gif"),
    ],
)
def test_every_kind_of_pixel_becomes_a_picture(
    tmp_path: Path, mode: str, form: str, ending: str
) -> None:
    said, copy = rendered(tmp_path, saved(Image.new(mode, (40, 30)), form), ending)

    assert copy is not None
    assert (said["width"], said["height"], copy.mode in {"RGB", "L"}) == (40, 30, True)


def test_sixteen_bits_keep_their_grey(tmp_path: Path) -> None:
    _said, copy = rendered(tmp_path, saved(Image.new("I;16", (4, 4), 0x8000), "PNG"), "png")

    assert copy is not None
    assert copy.getpixel((1, 1)) == 128


def test_of_an_animation_the_first_frame_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])

    _said, copy = rendered(tmp_path, content, "gif")

    assert copy is not None
    assert copy.getpixel((5, 5)) == (255, 0, 0)
    assert b"IDAT" in (tmp_path / "copy").read_bytes()


def test_large_picture_is_as_wide_as_two_pages(tmp_path: Path) -> None:
    said, copy = rendered(tmp_path, saved(Image.new("RGB", (4000, 2000), "red"), "PNG"), "png")

    assert copy is not None
    assert (said["width"], said["height"], copy.getpixel((9, 9))) == (1600, 800, (255, 0, 0))


@pytest.mark.parametrize(("ink", "ground"), [("black", "light"), ("white", "dark")])
def test_diagram_without_a_ground_gets_one_it_stands_out_from(
    tmp_path: Path, ink: str, ground: str
) -> None:
    diagram = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    diagram.paste(ink, (20, 20, 40, 40))

    _said, copy = rendered(tmp_path, saved(diagram, "PNG"), "png")

    assert copy is not None
    assert (sum(copy.getpixel((2, 2))) > 600) == (ground == "light")


def test_svg_is_drawn_at_twice_its_size(tmp_path: Path) -> None:
    said, copy = rendered(
        tmp_path, svg('viewBox="0 0 200 100"', '<rect width="200" height="100" fill="red"/>'), "svg"
    )

    assert copy is not None
    assert (said["width"], said["height"], copy.size) == (200, 100, (400, 200))
    assert copy.getpixel((9, 9)) == (255, 0, 0)


@pytest.mark.parametrize(
    "reference",
    [
        '<image x:href="{}" width="100" height="100"/>',
        '<image href="file://{}" width="100" height="100"/>',
        '<filter id="f"><feImage href="{}"/></filter><rect width="9" height="9" filter="url(#f)"/>',
        '<image href="data:image/svg+xml,&lt;svg/&gt;" width="9" height="9"/><script>1</script>',
    ],
)
def test_svg_shows_nothing_from_outside_itself(tmp_path: Path, reference: str) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(saved(Image.new("RGB", (100, 100), "red"), "PNG"))

    _said, copy = rendered(
        tmp_path, svg('width="100" height="100"', reference.format(secret)), "svg"
    )

    assert copy is not None
    assert copy.convert("RGB").getcolors() == [(200 * 200, (255, 255, 255))]


# Bad pictures


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png_saying(width: int, height: int, content: bytes = b"\0" * 1000, depth: int = 8) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, 6, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(content))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


def bad_pictures() -> Iterator[tuple[str, bytes]]:
    """A hundred pictures, each of them made to break what shows it."""
    good = {
        "png": saved(Image.effect_noise((60, 40), 50), "PNG"),
        "jpg": saved(Image.effect_noise((60, 40), 50), "JPEG"),
        "gif": saved(Image.effect_noise((60, 40), 50), "GIF"),
        "webp": saved(Image.effect_noise((60, 40), 50).convert("RGB"), "WEBP"),
    }
    for ending, content in good.items():
        for part in (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99):
            yield ending, content[: int(len(content) * part)]
        for at in range(5):
            place = len(content) * (at + 1) // 7
            yield ending, content[:place] + b"\xff\x00" * 8 + content[place + 16 :]
        other = next(name for name in good if name != ending)
        yield ending, good[other]
        yield ending, content + b"<script>alert(1)</script>" * 100
        yield ending, content[:30]
        yield ending, b""
    for width, height in [(50_000, 50_000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 5), (6_000, 6_000)]:
        yield "png", png_saying(width, height)
    yield "png", png_saying(5_900, 5_900, b"\0" * (5_900 * 4 + 1) * 5_900)
    yield "png", png_saying(10, 10, depth=3)
    yield "png", png_saying(60_000, 100, b"\0" * 60_000 * 400)
    yield "gif", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(100)
    yield "jpg", saved(Image.new("CMYK", (3_000, 2_000)), "JPEG")
    yield "png", saved(Image.new("I;16", (3_000, 2_000)), "PNG")
    profile = b"\0" * 100_000
    yield "png", saved(Image.new("RGB", (30, 20)), "PNG", icc_profile=profile)
    yield "jpg", saved(Image.new("RGB", (30, 20)), "JPEG", exif=b"Exif\0\0MM\0*" + b"\xff" * 5_000)
    size = 'width="200" height="100"'
    yield "svg", svg(size, '<script>while(1);</script><rect onload="x()" width="9" height="9"/>')
    yield "svg", svg(size, '<image x:href="http://192.0.2.1/a.png" width="9" height="9"/>')
    yield "svg", svg(size, '<image x:href="/dev/zero" width="9" height="9"/>')
    yield "svg", svg(size, '<g id="a"><use x:href="#b"/></g><g id="b"><use x:href="#a"/></g>')
    laughs = "".join(
        f'<g id="l{n}">' + f'<use x:href="#l{n + 1}"/>' * 10 + "</g>" for n in range(9)
    )
    yield "svg", svg(size, laughs + '<g id="l9"/><use x:href="#l0"/>')
    yield (
        "svg",
        svg(
            'width="200000" height="100000"',
            '<filter id="f" x="-9" y="-9" width="99" height="99"><feMorphology radius="900"/>'
            '<feTurbulence numOctaves="9999"/></filter><rect width="200000" height="100000"'
            ' filter="url(#f)"/>',
        ),
    )
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(9)
    )
    yield "svg", f"<!DOCTYPE svg [{entities}]>".encode() + svg(size, "<text>&e8;</text>")
    outside = b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    yield "svg", outside + svg(size, "<text>&e;</text>")
    yield "svg", svg(size, "<g>" * 50_000 + "</g>" * 50_000)
    yield "svg", svg(size, "<g/>" * 150_000)
    yield "svg", svg('width="0" height="0"', "")
    yield "svg", svg('viewBox="0 0 -5 nan"', "")
    yield "svg", svg('viewBox="0 0 1 1e9"', "")
    yield "svg", svg('width="1e300" height="1e300"', "")
    yield "svg", svg('width="99999999999999999999999" height="1"', "")
    yield "svg", svg(size, '<path stroke="red" stroke-dasharray="0.0001" d="M0 0 L 99999 99999"/>')
    yield (
        "svg",
        svg(
            size,
            '<pattern id="p" width="0.001" height="0.001" patternUnits="userSpaceOnUse">'
            '<rect width="1" height="1"/></pattern><rect width="200" height="100" fill="url(#p)"/>',
        ),
    )
    bomb = b64encode(png_saying(30_000, 30_000)).decode()
    yield "svg", svg(size, f'<image href="data:image/png;base64,{bomb}" width="9" height="9"/>')
    yield "svg", svg(size, "<style>" + "a{b:c}" * 50_000 + "</style>")
    marks = "e\u0301\u0323" * 20_000
    yield "svg", svg(size, f"<text>{marks}</text>")
    yield "svg", b"<svg"
    yield "svg", b"<html></html>"


SEVERAL = """
import runpy, sys
draw = runpy.run_path(sys.argv[1])["main"]
for line in sys.stdin.read().splitlines():
    draw(*line.split("\t"))
"""


def test_hundred_bad_pictures_each_get_an_answer_within_bounds(tmp_path: Path) -> None:
    """Those of pixels one after another in one process under its limits, drawings each in its own."""
    lines, answers = [], {}
    for number, (ending, content) in enumerate(bad_pictures()):
        original, copy = tmp_path / f"{number}.{ending}", tmp_path / f"{number}.copy"
        original.write_bytes(content)
        if ending == "svg":
            said = pictures.draw_apart(original, copy, TYPES[ending], str(tmp_path), seconds=2)
            answers[copy] = said
        else:
            lines.append((original, copy, TYPES[ending]))
    done = subprocess.run(
        [sys.executable, "-I", "-c", SEVERAL, drawing.__file__],
        input="\n".join("\t".join(map(str, line)) for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    said_of_pixels = [json.loads(line) for line in done.stdout.splitlines()]
    answers |= {line[1]: said for line, said in zip(lines, said_of_pixels, strict=True)}

    assert len(answers) >= 100
    for copy, said in answers.items():
        if "failure" in said:
            assert said["failure"] in PictureFailure.values, copy
            continue
        with Image.open(copy) as shown:
            shown.load()
            assert shown.width <= drawing.WIDTH_MAX, copy
            assert shown.height <= drawing.HEIGHT_MAX, copy


def test_drawing_has_bounds_of_memory_time_and_size() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, resource, runpy, sys; ns = runpy.run_path(sys.argv[1]);"
            "ns['limit'](); print(json.dumps([resource.getrlimit(n)[0] for n in "
            "(resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]))",
            drawing.__file__,
        ],
        capture_output=True,
        check=True,
    )

    assert json.loads(said.stdout) == [768 * 1024**2, 20, 32 * 1024**2]


# In the store


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(name: str, content: bytes) -> StoredFile:
    return store(upload=SimpleUploadedFile(name, content), owner_uuid=None)


PNG = saved(Image.new("RGB", (30, 20), "red"), "PNG")


@pytest.mark.django_db
def test_copy_is_drawn_by_a_worker_and_the_original_keeps_its_bytes(root: Path) -> None:
    kept = stored("a.png", PNG)
    assert kept.picture.state == "waiting"
    with pytest.raises(Http404):
        show_picture(kept)

    assert pictures.make_waiting() == 1

    kept = StoredFile.objects.select_related("picture").get()
    assert (kept.picture.state, kept.picture.width, kept.picture.height) == ("ready", 30, 20)
    assert (root / kept.path).read_bytes() == PNG
    response = show_picture(kept)
    response.close()
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_damaged_picture_says_why_there_is_no_copy(root: Path) -> None:
    stored("a.png", PNG[:60])

    pictures.make_waiting()

    copy = PictureCopy.objects.get()
    assert (copy.state, copy.failure) == ("failed", "unreadable")
    assert "damaged" in copy.get_failure_display()


@pytest.mark.django_db
def test_picture_on_which_workers_die_is_given_up(root: Path) -> None:
    stored("a.png", PNG)
    PictureCopy.objects.update(attempts=3)

    assert pictures.make_waiting() == 0

    assert PictureCopy.objects.get().failure == "too_dear"


@pytest.mark.django_db
def test_other_files_have_no_copy(root: Path) -> None:
    stored("a.csv", b"a,b\n")

    assert not PictureCopy.objects.exists()


@pytest.mark.django_db
def test_lost_copy_is_drawn_again(root: Path) -> None:
    kept = stored("a.png", PNG)
    pictures.make_waiting()
    (root / kept.picture.path).unlink()

    with pytest.raises(Http404):
        show_picture(StoredFile.objects.select_related("picture").get())
    assert PictureCopy.objects.get().state == "waiting"

    PictureCopy.objects.update(state="ready")
    sweep()
    assert PictureCopy.objects.get().state == "waiting"


@pytest.mark.django_db
def test_copy_goes_with_its_original(root: Path) -> None:
    kept = stored("a.png", PNG)
    pictures.make_waiting()
    discard(stored=kept)
    with pytest.raises(Http404):
        show_picture(StoredFile.objects.select_related("picture").get())

    StoredFile.objects.update(discarded_at="2020-01-01T00:00:00Z")
    sweep()

    assert not PictureCopy.objects.exists()
    assert [path for path in root.rglob("*") if path.is_file()] == []
