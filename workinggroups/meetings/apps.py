from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "workinggroups.meetings"
    label = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from common.text import preview
        from common.text import registry as stored_texts
        from members.people import exports as own_data
        from workinggroups.groups import sources as sources_of_items
        from workinggroups.meetings import attachments, exports, notifications
        from workinggroups.meetings.actions.concluding import register_open_kinds
        from workinggroups.meetings.actions.revisions import SOURCE_KIND
        from workinggroups.meetings.addresses import register_address
        from workinggroups.meetings.carrying import register_sources
        from workinggroups.meetings.rendering import notes_document
        from workinggroups.meetings.sealing import register_sections
        from workinggroups.meetings.sources import NotesLines
        from workinggroups.meetings.texts import (
            AgendaItemText,
            AgendaProposalText,
            NotesText,
            TemplateItemText,
        )
        from workinggroups.meetings.tracked_models import register_tracked_models
        from workinggroups.meetings.undo import register_light_acts

        register_address()
        register_sections()
        register_sources()
        register_tracked_models()
        register_light_acts()
        register_open_kinds()
        notifications.register_notifications()
        attachments.register_places()
        preview.register_kind(preview.NOTES, notes_document)
        preview.register_pictures(
            [
                *("notes-edit", "notes-clash", "meeting-agenda", "agenda-item", "meeting-live"),
                *("agenda-proposal-new", "agenda-proposal-edit"),
            ],
            attachments.pictures_at,
        )
        own_data.register("meetings", exports.of_person)
        stored_texts.register(NotesText())
        sources_of_items.register(SOURCE_KIND, NotesLines())
        stored_texts.register(AgendaItemText())
        stored_texts.register(TemplateItemText())
        stored_texts.register(AgendaProposalText())
