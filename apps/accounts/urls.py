"""Signing in, rights and people."""

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/sessions/<int:pk>/sign-out/", views.session_sign_out, name="session-sign-out"),
    path("account/sign-out-everywhere/", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("permissions/", views.permissions, name="permissions"),
    path("people/", views.people_page, name="people"),
]
