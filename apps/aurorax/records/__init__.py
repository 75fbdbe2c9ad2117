"""AuroraX's records as frozen dataclasses, with the API's own field names.

Each is read with `from_api` from a decoded JSON object (which raises KeyError, TypeError or ValueError for an object of
another shape); those that can be written have `to_api`.
"""

from apps.aurorax.records.accounts import ROLES, Account
from apps.aurorax.records.availability import Availability
from apps.aurorax.records.ephemeris import EphemerisRecord, Location
from apps.aurorax.records.listed import ListedSource
from apps.aurorax.records.products import DATA_PRODUCT_TYPES, DataProductRecord
from apps.aurorax.records.searches import SEARCH_TYPES, SearchRequest
from apps.aurorax.records.sources import (
    FIELD_LIMITS,
    FORMATS,
    GROUND,
    SOURCE_TYPES,
    DataSource,
    DataSourceStats,
    MetadataField,
)

__all__ = [
    "DATA_PRODUCT_TYPES",
    "FIELD_LIMITS",
    "FORMATS",
    "GROUND",
    "ROLES",
    "SEARCH_TYPES",
    "SOURCE_TYPES",
    "Account",
    "Availability",
    "DataProductRecord",
    "DataSource",
    "DataSourceStats",
    "EphemerisRecord",
    "ListedSource",
    "Location",
    "MetadataField",
    "SearchRequest",
]
