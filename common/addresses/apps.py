from django.apps import AppConfig


class AddressesConfig(AppConfig):
    name = "common.addresses"
    label = "addresses"
    verbose_name = "Addresses"
