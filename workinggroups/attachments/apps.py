from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "workinggroups.attachments"

    def ready(self) -> None:
        from common.search import files, granted
        from workinggroups.attachments.indexing import attached_files, granted_files

        files.register("attachment_file", attached_files)
        granted.register("attachment_file", granted_files)
