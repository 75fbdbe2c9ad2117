"""Addresses of the uploads app, under `uploads/`. The upload pages of a data source are in `ephemeris` and `products`."""

from django.urls import path

from apps.uploads.views import actions, calendar, downloads, mending, pages

urlpatterns = [
    path("", pages.listing, name="upload-list"),
    path("<uuid:upload_id>/", pages.detail, name="upload-detail"),
    path("<uuid:upload_id>/calendar/", calendar.upload_calendar, name="upload-calendar"),
    path("<uuid:upload_id>/read/", actions.read, name="upload-read"),
    path("<uuid:upload_id>/compare/", actions.compare, name="upload-compare"),
    path("<uuid:upload_id>/send/", actions.send, name="upload-send"),
    path("<uuid:upload_id>/pause/", actions.pause, name="upload-pause"),
    path("<uuid:upload_id>/resume/", actions.resume, name="upload-resume"),
    path("<uuid:upload_id>/cancel/", actions.cancel, name="upload-cancel"),
    path("<uuid:upload_id>/undo/", actions.undo, name="upload-undo"),
    path("<uuid:upload_id>/check-again/", actions.check_again, name="upload-check-again"),
    path("<uuid:upload_id>/unusual/<int:place>/", actions.unusual_is_right, name="upload-unusual"),
    path("<uuid:upload_id>/mend/", mending.mend, name="upload-mend"),
    path("<uuid:upload_id>/mend/cells/", mending.cells, name="upload-mend-cells"),
    path("<uuid:upload_id>/mend/fix/", mending.fix, name="upload-mend-fix"),
    path("<uuid:upload_id>/mend/back/", mending.take_back, name="upload-mend-back"),
    path("<uuid:upload_id>/mend/recipe/", mending.recipe, name="upload-mend-recipe"),
    path("<uuid:upload_id>/records.json", downloads.records, name="upload-records"),
    path("<uuid:upload_id>/corrected.csv", downloads.corrected, name="upload-corrected"),
    path("<uuid:upload_id>/rejected.csv", downloads.rejected, name="upload-rejected"),
    path("<uuid:upload_id>/again/", actions.send_again, name="upload-again"),
    path("<uuid:upload_id>/file/", downloads.original_file, name="upload-file"),
    path("<uuid:upload_id>/problems.csv", downloads.problems, name="upload-problems"),
    path("<uuid:upload_id>/receipt/", downloads.receipt_page, name="upload-receipt-page"),
    path("<uuid:upload_id>/receipt.json", downloads.receipt, name="upload-receipt"),
]
