"""Data products of one data source. Uploading files is in `apps.products.views.uploading`."""
