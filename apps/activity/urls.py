"""What happened, everywhere and on one data source; and the search requests."""

from django.urls import path

from apps.activity.views import events, exports, searches

urlpatterns = [
    path("activity/", events.activity_list, name="activity-list"),
    path("activity/export.csv", exports.activity_export, name="activity-export"),
    path("activity/export.ndjson", exports.activity_export_ndjson, name="activity-export-ndjson"),
    path("activity/<uuid:pk>/", events.activity_detail, name="activity-detail"),
    path("activity/snapshots/<uuid:pk>.ndjson", exports.snapshot_download, name="snapshot-download"),
    path("searches/", searches.search_list, name="search-list"),
    path("searches/<uuid:request_id>/delete/", searches.search_delete, name="search-delete"),
    path("sources/<int:identifier>/activity/", events.source_activity, name="source-activity"),
]
