"""Addresses of the uploads app, under `uploads/`. The upload pages of a data source are in `ephemeris` and `products`."""

from django.urls import path

from apps.uploads.views import actions, downloads, pages

urlpatterns = [
    path("", pages.listing, name="upload-list"),
    path("<uuid:upload_id>/", pages.detail, name="upload-detail"),
    path("<uuid:upload_id>/columns/", actions.columns, name="upload-columns"),
    path("<uuid:upload_id>/send/", actions.send, name="upload-send"),
    path("<uuid:upload_id>/pause/", actions.pause, name="upload-pause"),
    path("<uuid:upload_id>/resume/", actions.resume, name="upload-resume"),
    path("<uuid:upload_id>/cancel/", actions.cancel, name="upload-cancel"),
    path("<uuid:upload_id>/problems.csv", downloads.problems, name="upload-problems"),
    path("<uuid:upload_id>/receipt.json", downloads.receipt, name="upload-receipt"),
]
