"""Maintainers of one data source, and across all of them."""

from django.urls import path

from apps.maintainers.views import everywhere, one_source

SOURCE = "sources/<int:identifier>/maintainers/"

urlpatterns = [
    path(SOURCE, one_source.maintainers, name="maintainers-source"),
    path(f"{SOURCE}add/", one_source.add, name="maintainers-add"),
    path(f"{SOURCE}remove/", one_source.remove, name="maintainers-remove"),
    path(f"{SOURCE}split/", one_source.split, name="maintainers-split"),
    path("maintainers/", everywhere.maintainers, name="maintainers-all"),
    path("maintainers/change/", everywhere.change, name="maintainers-change"),
]
