from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "common.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from common.files.scanning import when_found
        from common.search.files import forget_infected

        when_found(forget_infected)
