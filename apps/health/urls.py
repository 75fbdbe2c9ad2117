"""Addresses of the health app."""

from django.urls import path

from apps.health import views

SOURCE = "sources/<int:identifier>/"

urlpatterns = [
    path(f"{SOURCE}health/", views.health, name="source-health"),
    path(f"{SOURCE}health/look/", views.look, name="source-health-look"),
]
