from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "workinggroups.decisions"
    label = "decisions"
    verbose_name = "Decisions"

    def ready(self) -> None:
        from common.text import registry as stored_texts
        from workinggroups.decisions.attachments import register_places
        from workinggroups.decisions.minutes import register_section
        from workinggroups.decisions.notifications import register_notifications
        from workinggroups.decisions.papers import register_papers
        from workinggroups.decisions.queries.ballots import why_put_to_the_vote
        from workinggroups.decisions.queries.decisions import in_register
        from workinggroups.decisions.texts import BallotText, DecisionText
        from workinggroups.decisions.tracked_models import register_tracked_models
        from workinggroups.groups.actions import hold_charters
        from workinggroups.groups.queries import count_in_tab

        register_tracked_models()
        register_notifications()
        register_places()
        register_section()
        register_papers()
        count_in_tab("decisions", in_register)
        stored_texts.register(DecisionText())
        stored_texts.register(BallotText())
        hold_charters(why_put_to_the_vote)
