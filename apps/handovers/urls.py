"""Handing data sources over, and asking for it."""

from django.urls import path

from apps.handovers import views

urlpatterns = [
    path("handovers/", views.handovers, name="handover-list"),
    path("handovers/new/", views.new, name="handover-new"),
    path("handovers/ask/", views.ask, name="handover-ask"),
    path("handovers/<uuid:pk>/", views.detail, name="handover-detail"),
    path("handovers/<uuid:pk>/resume/", views.resume, name="handover-resume"),
    path("handovers/<uuid:pk>/cancel/", views.cancel, name="handover-cancel"),
]
