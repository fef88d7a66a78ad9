from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "workinggroups.attachments"

    def ready(self) -> None:
        from common.search import files
        from workinggroups.attachments.indexing import attached_files

        files.register("attachment_file", attached_files)
