"""Signing in, rights and people."""

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("permissions/", views.permissions, name="permissions"),
    path("people/", views.people_page, name="people"),
]
