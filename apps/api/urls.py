"""Addresses of the API, under `api/`."""

from django.urls import path

from apps.api.views import about, files, records, uploads

urlpatterns = [
    path("openapi.json", about.openapi, name="api-openapi"),
    path("token", about.token, name="api-token"),
    path("sources/<int:identifier>/files", files.new_file, name="api-new-file"),
    path("sources/<int:identifier>/records", records.records, name="api-records"),
    path("files/<uuid:file_id>", files.file_pieces, name="api-file"),
    path("files/<uuid:file_id>/upload", files.file_upload, name="api-file-upload"),
    path("uploads", uploads.upload_list, name="api-upload-list"),
    path("uploads/<uuid:upload_id>", uploads.upload_detail, name="api-upload"),
    path("uploads/<uuid:upload_id>/findings", uploads.upload_findings, name="api-upload-findings"),
    path("uploads/<uuid:upload_id>/problems.csv", uploads.upload_problems, name="api-upload-problems"),
    path("uploads/<uuid:upload_id>/receipt", uploads.upload_receipt, name="api-upload-receipt"),
    path("uploads/<uuid:upload_id>/send", uploads.upload_send, name="api-upload-send"),
    path("uploads/<uuid:upload_id>/resume", uploads.upload_resume, name="api-upload-resume"),
    path("uploads/<uuid:upload_id>/cancel", uploads.upload_cancel, name="api-upload-cancel"),
    path("uploads/<uuid:upload_id>/undo", uploads.upload_undo, name="api-upload-undo"),
    path("<path:rest>", about.nothing_here, name="api-nothing"),
]
