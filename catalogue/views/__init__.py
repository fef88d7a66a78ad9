"""The public catalogue, and the staff pages that maintain it."""

from catalogue.views.catalogue_results import catalogue
from catalogue.views.external_works import add, edit, entry, retire
from catalogue.views.files import download, figure, manifest, text_source
from catalogue.views.machines import atom, robots, security, sitemap
from catalogue.views.publications import cite, full_text, publication, withdraw

__all__ = [
    "add",
    "atom",
    "catalogue",
    "cite",
    "download",
    "edit",
    "entry",
    "figure",
    "full_text",
    "manifest",
    "publication",
    "retire",
    "robots",
    "security",
    "sitemap",
    "text_source",
    "withdraw",
]
