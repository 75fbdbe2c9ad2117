"""Addresses of the products app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
