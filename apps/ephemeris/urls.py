"""Ephemeris records of one data source."""

from django.urls import include, path, register_converter

from apps.ephemeris.converters import DayConverter, EpochConverter
from apps.ephemeris.views import browsing, deleting, editing, exporting, mapping, selecting, uploading

register_converter(EpochConverter, "epoch")
register_converter(DayConverter, "day")

# /sources/<identifier>/ephemeris/
ephemeris_urls = [
    path("", browsing.browse, name="ephemeris-browse"),
    path("availability/", browsing.availability, name="ephemeris-availability"),
    path("map/", mapping.show, name="ephemeris-map"),
    path("<day:day>.csv", browsing.export_csv, name="ephemeris-export-csv"),
    path("<day:day>.json", browsing.export_json, name="ephemeris-export-json"),
    path("columns/", selecting.columns, name="ephemeris-columns"),
    path("records.csv", selecting.records_csv, name="ephemeris-records-csv"),
    path("selection/", selecting.select, name="ephemeris-selection"),
    path("selection.csv", selecting.selection_csv, name="ephemeris-selection-csv"),
    path("selection/delete/", selecting.delete, name="ephemeris-selection-delete"),
    path("upload/", uploading.upload, name="ephemeris-upload"),
    path("upload/template.csv", uploading.template, name="ephemeris-template"),
    path("export/", exporting.export, name="ephemeris-export"),
    path("export/download/", exporting.download, name="ephemeris-export-download"),
    path("add/", editing.add, name="ephemeris-add"),
    path("delete/", deleting.delete, name="ephemeris-delete"),
    path("delete/<uuid:pk>/", deleting.deletion, name="ephemeris-deletion"),
    path("delete/<uuid:pk>/calendar/", deleting.deletion_days, name="ephemeris-deletion-calendar"),
    path("<epoch:epoch>/", browsing.record, name="ephemeris-record"),
    path("<epoch:epoch>/edit/", editing.edit, name="ephemeris-edit"),
]

urlpatterns = [path("sources/<int:identifier>/ephemeris/", include(ephemeris_urls))]
