"""The site map: each app lists its own paths."""

from django.urls import include, path

from portal import health, metrics

urlpatterns = [
    path("", include("apps.accounts.urls")),
    path("", include("apps.drafts.urls")),
    path("", include("apps.sources.urls")),
    path("", include("apps.maintainers.urls")),
    path("", include("apps.handovers.urls")),
    path("", include("apps.health.urls")),
    path("", include("apps.ephemeris.urls")),
    path("", include("apps.products.urls")),
    path("", include("apps.generation.urls")),
    path("", include("apps.feeds.urls")),
    path("uploads/", include("apps.uploads.urls")),
    path("settings/", include("apps.tokens.urls")),
    path("", include("apps.notifications.urls")),
    path("api/", include("apps.api.urls")),
    path("", include("apps.activity.urls")),
    path("", include("apps.undo.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("health/", health.panel, name="service-health"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = "apps.ui.errors.bad_request"
handler403 = "apps.ui.errors.permission_denied"
handler404 = "apps.ui.errors.page_not_found"
handler500 = "apps.ui.errors.server_error"
