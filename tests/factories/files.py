"""Pictures, and files that hang on things of a group."""

import io
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.files.models import PictureCopy, StoredFile
from common.pdf.models import PdfFile
from members.people.models import Person
from tests.factories.times import ago
from workinggroups.attachments import actions
from workinggroups.attachments.models import Attachment

FIGURE = '<p><img class="figure" data-file="figure.png" alt="Two bars" title="Results"></p>'


def png(width: int = 8, height: int = 6, colour: Any = (31, 71, 136), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), colour).save(out, "PNG")
    return out.getvalue()


def attached(
    by: Person, kind: str, uuid: UUID, name: str = "figure.png", content: bytes | None = None
) -> Attachment:
    """A file on a thing; the copy of a picture is ready."""
    upload = SimpleUploadedFile(name, png() if content is None else content)
    added = actions.attach(actor=by, kind=kind, uuid=uuid, upload=upload)
    ready(added.stored)
    return added


def ready(stored: StoredFile) -> None:
    """The copy of a stored picture is there, without anybody having drawn it."""
    content = png()
    for copy in PictureCopy.objects.filter(stored=stored):
        path = Path(settings.MEDIA_ROOT) / copy.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        copy.state, copy.media_type, copy.width, copy.height = "ready", "image/png", 8, 6
        copy.sha256, copy.bytes = sha256(content).hexdigest(), len(content)
        copy.save()


def pdf_file(owner_uuid: UUID, kind: str, **fields: Any) -> PdfFile:
    """A PDF that a worker has made."""
    content = b"%PDF-1.7\n%%EOF\n"
    made: PdfFile = PdfFile.objects.create(
        **{
            "owner_uuid": owner_uuid,
            "kind": kind,
            "key": sha256(kind.encode()).hexdigest(),
            "name": f"{kind}.pdf",
            "state": "done",
            "is_accessible": True,
            "sha256": sha256(content).hexdigest(),
            "bytes": len(content),
            "made_at": ago(hours=1),
            **fields,
        }
    )
    path = Path(settings.MEDIA_ROOT) / made.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return made
