"""Addresses under a data source that make ephemeris."""

from django.urls import path

from apps.generation.views import operating

urlpatterns = [
    path("sources/<int:identifier>/ephemeris/operating/", operating.operating, name="operating-times"),
]
