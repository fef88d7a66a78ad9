from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "common.search"

    def ready(self) -> None:
        from common.files.scanning import on_infected
        from common.search.files import forget_infected

        on_infected(forget_infected)
