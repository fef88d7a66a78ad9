"""The public reading side, and the few pages that keep it."""

from catalogue.views.catalogue_results import catalogue
from catalogue.views.files import download, figure, manifest, text_source
from catalogue.views.machines import atom, robots, security, sitemap
from catalogue.views.outside import add, edit, entry, retire
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
