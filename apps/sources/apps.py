"""The sources app."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Data sources: finding, creating, changing and deleting them."""

    name = "apps.sources"

    def ready(self) -> None:
        """Looks at all records whose worker was lost are followed by another, and go on when their person signs in again."""
        from apps.accounts import sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.jobs import recovery  # noqa: PLC0415
        from apps.sources.impact import resume_after_sign_in  # noqa: PLC0415
        from apps.sources.models import SchemaScan  # noqa: PLC0415
        from apps.sources.scanning import scan_records  # noqa: PLC0415

        recovery.register(SchemaScan, scan_records)
        sign_ins.register(resume_after_sign_in)
