from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "workinggroups.deliverables"

    def ready(self) -> None:
        from common.search import files, granted
        from common.text import preview
        from common.text import registry as stored_texts
        from workinggroups.decisions import subjects
        from workinggroups.deliverables import pictures, search
        from workinggroups.deliverables.actions.concluding import register_open_kinds
        from workinggroups.deliverables.actions.indexing import deliverable_files, publication_files
        from workinggroups.deliverables.agendas import register_agendas
        from workinggroups.deliverables.notifications import register_notifications
        from workinggroups.deliverables.queries import describe_revision, listed_deliverables
        from workinggroups.deliverables.texts import ReviewCommentText, RevisionText
        from workinggroups.deliverables.tracked_models import register_tracked_models
        from workinggroups.groups.queries import count_in_tab

        register_tracked_models()
        register_notifications()
        register_agendas()
        register_open_kinds()
        preview.register_pictures(
            ["deliverable", "deliverable-text", "revision"], pictures.at_address
        )
        count_in_tab("deliverables", listed_deliverables)
        subjects.register("revision", describe_revision)
        stored_texts.register(RevisionText())
        stored_texts.register(ReviewCommentText())
        granted.register("deliverable", search.granted_deliverables)
        granted.register("deliverable_file", search.granted_files)
        files.register("deliverable_file", deliverable_files)
        files.register("publication_file", publication_files)
