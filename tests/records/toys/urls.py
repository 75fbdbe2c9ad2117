"""The portal with kites."""

from django.urls import include, path

from portal import urls
from tests.records.toys import views

kite_urls = [
    path("", views.browse, name="kites-browse"),
    path("availability/", views.availability, name="kites-availability"),
    path("columns/", views.columns, name="kites-columns"),
    path("records.csv", views.records_csv, name="kites-records-csv"),
    path("selection/", views.select, name="kites-selection"),
    path("selection.csv", views.selection_csv, name="kites-selection-csv"),
    path("selection/delete/", views.delete_selected, name="kites-selection-delete"),
    path("upload/", views.upload, name="kites-upload"),
    path("upload/template.csv", views.template, name="kites-template"),
    path("export/", views.export, name="kites-export"),
    path("export/download/", views.download, name="kites-export-download"),
    path("delete/", views.delete, name="kites-delete"),
    path("delete/<uuid:pk>/", views.deletion, name="kites-deletion"),
    path("delete/<uuid:pk>/calendar/", views.deletion_days, name="kites-deletion-calendar"),
]

urlpatterns = [*urls.urlpatterns, path("sources/<int:identifier>/kites/", include(kite_urls))]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
