"""The peer of record tables: Django admin's changelist, with the same rows in the portal's own database.

It is the site map while pages are measured, and can be imported once `tests.bench` and the admin are installed.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db import connection, models
from django.http import HttpRequest
from django.urls import path

from apps.aurorax import DataProductRecord, DataSource, EphemerisRecord
from apps.ui.paging import PAGE_SIZE
from portal.urls import urlpatterns as portal

# As `django-admin startproject` has it.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
LOCATIONS = ("location_geo", "location_gsm", "nbtrace", "sbtrace")
REGIONS = ("nbtrace_region", "sbtrace_region")  # the metadata of the seed's satellite
ABOUT = ("keogram_type", "imaging_start_time", "imaging_end_time")  # the metadata of the seed's keograms


def _degrees() -> "models.FloatField[float | None, float | None]":
    return models.FloatField(null=True)


class Ephemeris(models.Model):  # noqa: DJ008 - only ever shown by its fields
    """One ephemeris record."""

    epoch = models.DateTimeField(unique=True)
    location_geo_lat, location_geo_lon = _degrees(), _degrees()
    location_gsm_lat, location_gsm_lon = _degrees(), _degrees()
    nbtrace_lat, nbtrace_lon = _degrees(), _degrees()
    sbtrace_lat, sbtrace_lon = _degrees(), _degrees()
    nbtrace_region, sbtrace_region = models.TextField(), models.TextField()

    class Meta:
        app_label = "bench"
        ordering = ("epoch",)


class Product(models.Model):  # noqa: DJ008
    """One data product record."""

    data_product_type = models.TextField()
    start, end = models.DateTimeField(db_index=True), models.DateTimeField()
    url = models.TextField(unique=True)
    keogram_type, imaging_start_time, imaging_end_time = (
        models.TextField(),
        models.TextField(),
        models.TextField(),
    )

    class Meta:
        app_label = "bench"
        ordering = ("start", "url")


class Source(models.Model):  # noqa: DJ008
    """One data source."""

    identifier = models.IntegerField(unique=True)
    program, platform, instrument_type = models.TextField(), models.TextField(), models.TextField()
    source_type, display_name, owner = models.TextField(), models.TextField(), models.TextField()

    class Meta:
        app_label = "bench"
        ordering = ("display_name",)


class Changelist(ModelAdmin[models.Model]):
    """Open to everybody."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Yes."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Yes."""
        return True

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission


class OpenSite(AdminSite):
    """An admin without sign-in."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Yes."""
        return True


site = OpenSite("bench")
for model, rows in ((Ephemeris, 100), (Product, 100), (Source, PAGE_SIZE)):
    columns = [field.name for field in model._meta.fields if not field.primary_key]
    site.register(model, Changelist, list_display=columns, list_per_page=rows)
urlpatterns = [path("admin/", site.urls), *portal]


def fill(
    sources: Iterable[DataSource], ephemeris: Iterable[EphemerisRecord], products: Iterable[DataProductRecord]
) -> None:
    """Make the tables and put the records into them."""
    with connection.schema_editor() as editor:
        for model in (Source, Ephemeris, Product):
            editor.create_model(model)
    Source._default_manager.bulk_create(map(_source, sources))
    Ephemeris._default_manager.bulk_create(map(_ephemeris, ephemeris), batch_size=500)
    Product._default_manager.bulk_create(map(_product, products), batch_size=500)


def _source(source: DataSource) -> Source:
    return Source(
        identifier=source.identifier,
        **source.key,
        source_type=source.source_type,
        display_name=source.display_name,
        owner=source.owner or "",
    )


def _ephemeris(record: EphemerisRecord) -> Ephemeris:
    places = {
        f"{name}_{part}": getattr(getattr(record, name), part)
        for name in LOCATIONS
        for part in ("lat", "lon")
    }
    return Ephemeris(epoch=record.epoch, **places, **_metadata(record.metadata, REGIONS))


def _product(record: DataProductRecord) -> Product:
    return Product(
        data_product_type=record.data_product_type,
        start=record.start,
        end=record.end,
        url=record.url,
        **_metadata(record.metadata, ABOUT),
    )


def _metadata(metadata: dict[str, Any] | None, names: Iterable[str]) -> dict[str, str]:
    return {name: str((metadata or {}).get(name, "")) for name in names}
