"""What happened, everywhere and on one data source."""

from django.urls import path

from apps.activity import views

urlpatterns = [
    path("activity/", views.activity_list, name="activity-list"),
    path("activity/export.csv", views.activity_export, name="activity-export"),
    path("activity/<uuid:pk>/", views.activity_detail, name="activity-detail"),
    path("activity/snapshots/<uuid:pk>.ndjson", views.snapshot_download, name="snapshot-download"),
    path("sources/<int:identifier>/activity/", views.source_activity, name="source-activity"),
]
