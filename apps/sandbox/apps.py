"""Registration with Django."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """The one application of the sandbox process."""

    name = "apps.sandbox"
    label = "sandbox"
    default_auto_field = "django.db.models.BigAutoField"
