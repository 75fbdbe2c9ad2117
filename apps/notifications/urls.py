"""The bell, under `notifications/`; how one is told, under `settings/`."""

from django.urls import path

from apps.notifications import views

urlpatterns = [
    path("notifications/", views.notification_list, name="notification-list"),
    path("notifications/read/", views.notification_read_all, name="notification-read-all"),
    path("notifications/<int:pk>/open/", views.notification_open, name="notification-open"),
    path("settings/notifications/", views.notification_settings, name="notification-settings"),
    path("settings/notifications/secret/", views.webhook_secret, name="webhook-secret"),
    path("settings/notifications/try/", views.webhook_try, name="webhook-try"),
]
