"""Data products of one data source."""

from django.urls import include, path

from apps.products.views import browsing, deleting, editing, exporting, naming, selecting, uploading

# /sources/<identifier>/products/
product_urls = [
    path("", browsing.browse, name="products-browse"),
    path("availability/", browsing.availability, name="products-availability"),
    path("columns/", selecting.columns, name="products-columns"),
    path("records.csv", selecting.records_csv, name="products-records-csv"),
    path("selection/", selecting.select, name="products-selection"),
    path("selection.csv", selecting.selection_csv, name="products-selection-csv"),
    path("selection/delete/", selecting.delete, name="products-selection-delete"),
    path("upload/", uploading.upload, name="products-upload"),
    path("upload/names/", naming.from_names, name="products-names"),
    path("upload/template.csv", uploading.template, name="products-template"),
    path("export/", exporting.export, name="products-export"),
    path("export/download/", exporting.download, name="products-export-download"),
    path("add/", editing.add, name="products-add"),
    path("edit/", editing.edit, name="products-edit"),
    path("delete/", deleting.delete, name="products-delete"),
    path("delete/<uuid:pk>/", deleting.deletion, name="products-deletion"),
    path("delete/<uuid:pk>/calendar/", deleting.deletion_days, name="products-deletion-calendar"),
]

urlpatterns = [path("sources/<int:identifier>/products/", include(product_urls))]
