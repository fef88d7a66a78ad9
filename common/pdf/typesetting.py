"""Make one PDF with typst. Runs as a process of its own, under limits.

    python typesetting.py FOLDER TEMPLATE FONTS

FOLDER has `content.json` and the pictures that it names; `document.pdf` is written there. Prints one
line of JSON: {"standard": "ua-1" or "", "reason"}, or {"failure"}. What the document says is data for
the template and never read as source; the root of the typesetter is FOLDER, it finds no packages, and
where the system allows it the process has no network. Imports nothing of the platform.
"""

import ctypes
import json
import os
import resource
import sys
from pathlib import Path

MEMORY_BYTES = 3 * 1024**3
CPU_SECONDS = 70
OUTPUT_BYTES = 128 * 1024**2
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def limit() -> None:
    """Bound memory, time and the size of what is written by this process; give up the network."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Not everywhere allowed; the template names no address all the same.
        ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)


def make(folder: Path, template: Path, fonts: Path) -> dict[str, str]:
    """Write the PDF by the standard for accessible documents or, where it fails, without it.

    Where that fails too, each picture is replaced by its words: one may be damaged.
    """
    try:
        import typst
    except ImportError:
        return {"failure": "no_typesetter"}
    shipped = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]
    )
    reason = ""
    content = (folder / "content.json").read_text("utf-8")
    bare = without_pictures(content)
    attempts = [(content, True), (content, False)]
    if bare != content:
        attempts += [(bare, True), (bare, False)]
    for text, is_accessible in attempts:
        # A compiler that was given bytes can be used once.
        compiler = typst.Compiler(
            input=template.read_bytes(),
            root=folder,
            font_paths=shipped,
            sys_inputs={"content": text},
            package_path=folder,
            package_cache_path=folder,
        )
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"] if is_accessible else [])
        except typst.TypstError as error:
            reason = f"{error.message} {error.hints}"[:500]
            continue
        assert isinstance(pdf, bytes)
        (folder / "document.pdf").write_bytes(pdf)
        return {"standard": "ua-1" if is_accessible else "", "reason": reason}
    return {"failure": "unreadable", "reason": reason}


def without_pictures(content: str) -> str:
    """Return the content with the words of each picture in its place; the same if it has none."""
    values = json.loads(content)
    has_some = False
    waiting = [values.get("blocks", [])]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())
            if item.get("t") == "figure" and item["file"]:
                item["file"], has_some = "", True
    return json.dumps(values, ensure_ascii=False) if has_some else content


def main(folder: str, template: str, fonts: str) -> None:
    os.chdir(folder)
    limit()
    try:
        result = make(Path(folder), Path(template), Path(fonts))
    except MemoryError:
        result = {"failure": "too_large"}
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
