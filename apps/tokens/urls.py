"""Tokens, under `settings/`."""

from django.urls import path

from apps.tokens import views

urlpatterns = [
    path("tokens/", views.token_list, name="token-list"),
    path("tokens/key/", views.token_key, name="token-key"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token-revoke"),
]
