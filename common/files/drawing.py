"""Draw the copy of a picture that pages show. Runs as a process of its own, under limits.

    python drawing.py ORIGINAL COPY MEDIA_TYPE

Writes the copy and prints one line of JSON: {"width", "height", "media_type"}, or {"failure"}. The
copy has no metadata (its orientation and colour profile are applied), no transparency, one frame
and at most WIDTH_MAX by HEIGHT_MAX pixels. Imports nothing of the platform, so that it starts
quickly and a picture that exploits a decoder finds neither the database nor its password.
"""

import contextlib
import json
import re
import resource
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageCms, ImageOps

# A text column is about 800 pixels wide; screens with twice the density get twice that.
WIDTH_MAX = 1600
HEIGHT_MAX = 4800
# The most pixels of an original that are decoded: an A4 page scanned at 600 dpi has 35 million.
PIXELS_MAX = 36_000_000
MEMORY_BYTES = 768 * 1024**2
CPU_SECONDS = 20
COPY_BYTES = 32 * 1024**2
SVG_ELEMENTS_MAX = 100_000
SVG_DEPTH_MAX = 200

SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
# What a transparent diagram is drawn on: the one with more contrast to its own colours.
LIGHT_BACKGROUND, DARK_BACKGROUND = (255, 255, 255), (22, 20, 16)
_OWN_REFERENCE = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_FOREIGN_URL = re.compile(r"url\(\s*['\"]?\s*(?!#|['\"])[^)]*\)|@import[^;]*;?", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)(px|pt|pc|mm|cm|in|em|rem|%)?\s*")
_PIXELS_PER = {"px": 1, "": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
# For an SVG without a size of its own.
SVG_WIDTH = 800


class Failure(Exception):
    """The picture cannot be drawn; its text is a value of `choices.PictureFailure`."""


def limit() -> None:
    """Bound memory, time and the size of what is written by this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (COPY_BYTES, COPY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(original: Path, copy: Path, media_type: str) -> dict[str, object]:
    """Write `copy`; return its size as shown and its type. Raises Failure."""
    if media_type == "image/svg+xml":
        return _draw_svg(original, copy)
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with Image.open(original, formats=["PNG", "JPEG", "GIF", "WEBP"]) as opened:
        if opened.width * opened.height > PIXELS_MAX:
            raise Failure("too_large")
        is_photo = opened.format in {"JPEG", "WEBP"}
        # A JPEG is decoded at a half, a quarter or an eighth where that is still large enough.
        opened.draft(None, (2 * WIDTH_MAX, 2 * WIDTH_MAX))
        profile = opened.info.get("icc_profile")
        orientation = opened.getexif().get(0x0112, 1)
        picture = _scaled(_eight_bits(opened))
    picture = _in_srgb(picture, profile)
    is_photo = is_photo and "A" not in picture.mode
    picture = _without_transparency(picture)
    picture.getexif()[0x0112] = orientation
    picture = ImageOps.exif_transpose(picture)
    return _written(picture, copy, is_photo)


def _eight_bits(opened: Image.Image) -> Image.Image:
    """Return the first frame with eight bits a channel, as grey, colour or CMYK."""
    opened.seek(0)
    if opened.mode in {"I;16", "I;16B", "I;16L", "I"}:
        return opened.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if opened.mode == "F":
        return opened.convert("L")
    has_alpha = "transparency" in opened.info or opened.mode in {"LA", "La", "RGBa", "PA"}
    if has_alpha or opened.mode in {"1", "P", "RGBX", "YCbCr", "LAB", "HSV"}:
        return opened.convert("RGBA" if has_alpha else "RGB")
    opened.load()
    return opened


def _scaled(picture: Image.Image) -> Image.Image:
    scale = min(1, WIDTH_MAX / picture.width, HEIGHT_MAX / picture.height)
    if scale == 1:
        return picture.copy()
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    factor = int(1 / scale / 2)
    if factor > 1:
        picture = _reduced(picture, factor)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _reduced(picture: Image.Image, factor: int) -> Image.Image:
    """Return the picture `factor` times smaller, made in strips to hold it in memory only once."""
    width, height = -(-picture.width // factor), -(-picture.height // factor)
    reduced = Image.new(picture.mode, (width, height))
    for top in range(0, picture.height, 128 * factor):
        bottom = min(top + 128 * factor, picture.height)
        strip = picture.crop((0, top, picture.width, bottom)).reduce(factor)
        reduced.paste(strip, (0, top // factor))
    return reduced


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, which screens assume without a profile."""
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                return converted
    return picture if picture.mode in {"L", "RGB", "RGBA"} else picture.convert("RGB")


def _without_transparency(picture: Image.Image) -> Image.Image:
    """Return the picture on a background: light drawings on a dark one, others on white."""
    if picture.mode != "RGBA":
        return picture
    small = picture.resize((min(96, picture.width), min(96, picture.height)), Image.Resampling.BOX)
    alpha = small.getchannel("A").tobytes()
    grey = small.convert("RGB").convert("L").tobytes()
    weight = sum(alpha)
    lightness = sum(a * g for a, g in zip(alpha, grey, strict=True)) / weight if weight else 0
    is_see_through = weight < 0.95 * 255 * len(alpha)
    is_light_drawing = is_see_through and lightness > 200
    background = DARK_BACKGROUND if is_light_drawing else LIGHT_BACKGROUND
    flat = Image.new("RGB", picture.size, background)
    flat.paste(picture, mask=picture.getchannel("A"))
    return flat


def _written(picture: Image.Image, copy: Path, is_photo: bool) -> dict[str, object]:
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if is_photo:
        clean.save(copy, "JPEG", quality=85, optimize=True, progressive=True)
        media_type = "image/jpeg"
    else:
        clean.save(copy, "PNG")
        media_type = "image/png"
    return {"width": clean.width, "height": clean.height, "media_type": media_type}


def _draw_svg(original: Path, copy: Path) -> dict[str, object]:
    import resvg_py

    root = _safe_tree(original)
    width, height = _size_of(root)
    scale = min(1, WIDTH_MAX / 2 / width, HEIGHT_MAX / 2 / height)
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=ElementTree.tostring(root, encoding="unicode"),
            width=2 * width,
            height=2 * height,
            dpi=96,
            sans_serif_family="DejaVu Sans",
            serif_family="DejaVu Serif",
            monospace_family="DejaVu Sans Mono",
            font_family="DejaVu Sans",
        )
    except ValueError:
        raise Failure("unreadable") from None
    with Image.open(BytesIO(bytes(png)), formats=["PNG"]) as opened:
        if opened.width * opened.height > PIXELS_MAX:
            raise Failure("too_large")
        picture = _without_transparency(_scaled(_eight_bits(opened)))
    written = _written(picture, copy, is_photo=False)
    # Drawn at twice its size; shown at its size.
    ratio = picture.height / picture.width
    return {**written, "width": width, "height": max(1, round(width * ratio))}


def _safe_tree(original: Path) -> ElementTree.Element:
    """Return the SVG tree without scripts and without references to other files. Raises Failure.

    Expat expands the entities that a file declares itself, within its own limits, and opens no file.
    """
    count, depth = 0, 0
    root: ElementTree.Element | None = None
    try:
        for event, element in ElementTree.iterparse(original, events=("start", "end")):  # noqa: S314
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            count, depth = count + 1, depth + 1
            if count > SVG_ELEMENTS_MAX or depth > SVG_DEPTH_MAX:
                raise Failure("too_large")
    except ElementTree.ParseError:
        raise Failure("unreadable") from None
    if root is None or root.tag.rpartition("}")[2] != "svg":
        raise Failure("unreadable")
    _disarm(root)
    ElementTree.register_namespace("", SVG_NAMESPACE.strip("{}"))
    return root


def _disarm(root: ElementTree.Element) -> None:
    for element in list(root.iter()):
        for child in list(element):
            name = child.tag.rpartition("}")[2].lower() if isinstance(child.tag, str) else ""
            if name in {"script", "foreignobject", "iframe", "object", "audio", "video", ""}:
                element.remove(child)
        if element.text and element.tag.rpartition("}")[2].lower() == "style":
            element.text = _FOREIGN_URL.sub("none", element.text)
        for attribute, value in list(element.attrib.items()):
            name = attribute.rpartition("}")[2].lower()
            if name.startswith("on") or (name == "href" and not _OWN_REFERENCE.match(value)):
                del element.attrib[attribute]
            elif "url(" in value.lower():
                element.attrib[attribute] = _FOREIGN_URL.sub("none", value)


def _size_of(root: ElementTree.Element) -> tuple[float, float]:
    """Return the size in pixels that the file asks for, or a default. Raises Failure if too large."""
    box = [float(number) for number in re.findall(r"-?\d*\.?\d+", root.get("viewBox", ""))[:4]]
    ratio = box[3] / box[2] if len(box) == 4 and box[2] > 0 and box[3] > 0 else None
    width, height = _length(root.get("width")), _length(root.get("height"))
    if width is None and height is not None and ratio:
        width = height / ratio
    if width is None:
        width = box[2] if ratio else SVG_WIDTH
    if height is None:
        height = width * (ratio or 0.75)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Failure("too_large")
    return width, height


def _length(value: str | None) -> float | None:
    length = _LENGTH.fullmatch(value or "")
    if length is None or (length[2] or "") not in _PIXELS_PER:
        return None
    return float(length[1]) * _PIXELS_PER[length[2] or ""] or None


def main(original: str, copy: str, media_type: str) -> None:
    limit()
    try:
        result = draw(Path(original), Path(copy), media_type)
    except Failure as failure:
        result = {"failure": str(failure)}
    except (MemoryError, Image.DecompressionBombError):
        result = {"failure": "too_large"}
    except Exception as error:  # decoders raise many kinds on a broken file
        result = {"failure": "unreadable", "detail": type(error).__name__}
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
