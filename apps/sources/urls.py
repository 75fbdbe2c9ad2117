"""The overview and the pages of data sources."""

from django.urls import path

from apps.sources.views import (
    creation,
    deletion,
    detail,
    editing,
    overview,
    repair,
    replacement,
    schema_changes,
    schema_copies,
    sites,
    table,
)

SOURCE = "sources/<int:identifier>/"

urlpatterns = [
    # Overview
    path("", overview.overview, name="overview"),
    path("overview/", overview.counted, name="overview-counted"),
    path("overview/uploads/", overview.uploads, name="overview-uploads"),
    path("overview/everybody/", overview.everybody, name="overview-everybody"),
    # All data sources
    path("sources/", table.source_list, name="source-list"),
    path("sources/map/", sites.show, name="source-map"),
    path("sources/export.csv", table.export_csv, name="source-export-csv"),
    path("sources/export.json", table.export_json, name="source-export-json"),
    path("sources/new/", creation.create, name="source-create"),
    # One data source
    path(SOURCE, detail.overview, name="source-detail"),
    path(f"{SOURCE}stats/", detail.stats, name="source-stats"),
    path(f"{SOURCE}place/", detail.place, name="source-place"),
    path(f"{SOURCE}availability/", detail.availability, name="source-availability"),
    path(f"{SOURCE}schema/", detail.schema, name="source-schema"),
    path(f"{SOURCE}schema/<str:name>.json", detail.schema_json, name="source-schema-json"),
    path(f"{SOURCE}schema/<str:name>/copy/", schema_copies.copy, name="source-schema-copy"),
    path(f"{SOURCE}schema/scans/<uuid:pk>/", schema_changes.scan, name="source-schema-scan"),
    path(f"{SOURCE}edit/", editing.edit, name="source-edit"),
    path(f"{SOURCE}replace/", replacement.replace, name="source-replace"),
    path(f"{SOURCE}repair/", repair.repair, name="source-repair"),
    path(f"{SOURCE}delete/", deletion.delete, name="source-delete"),
]
