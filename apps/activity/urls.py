"""What happened, everywhere and on one data source; and the search requests."""

from django.urls import path

from apps.activity.views import events, searches

urlpatterns = [
    path("activity/", events.activity_list, name="activity-list"),
    path("activity/export.csv", events.activity_export, name="activity-export"),
    path("activity/<uuid:pk>/", events.activity_detail, name="activity-detail"),
    path("activity/snapshots/<uuid:pk>.ndjson", events.snapshot_download, name="snapshot-download"),
    path("searches/", searches.search_list, name="search-list"),
    path("searches/<uuid:request_id>/delete/", searches.search_delete, name="search-delete"),
    path("sources/<int:identifier>/activity/", events.source_activity, name="source-activity"),
]
