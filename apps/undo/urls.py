"""Undo, for every event."""

from django.urls import path

from apps.undo import views

urlpatterns = [path("activity/<uuid:pk>/undo/", views.undo, name="activity-undo")]
