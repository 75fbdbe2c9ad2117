"""Data sources: creating, replacing, changing, deleting them (API document, "Data Sources")."""

from itertools import count
from typing import Annotated, Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from msgspec import UNSET, Meta, UnsetType

from apps.sandbox import ingest, jsonb
from apps.sandbox.errors import ApiError, BareError, invalid, source_not_found
from apps.sandbox.models import Account, DataProduct, DataSource, Ephemeris, Pending
from apps.sandbox.queries import SOURCE_TYPES
from apps.sandbox.roles import check_may_change, check_may_create, check_may_give_to
from apps.sandbox.state import state

REQUIRED = ("program", "platform", "instrument_type", "source_type", "display_name")
LIMITS = {"program": 200, "platform": 50, "instrument_type": 200, "display_name": 50}  # characters
HIGHEST_USUAL = (
    1_000_000  # identifiers above were given by somebody, who must not push the count out of 32 bits
)
Identifier = Annotated[int, Meta(ge=-(2**31), lt=2**31)]

# What the document says of these, `_values` checks: its refusals are sentences of ours.
Name = Annotated[str, Meta(extra_json_schema={"minLength": 1, "maxLength": 200})]
ShortName = Annotated[str, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})]
SourceType = Annotated[str, Meta(extra_json_schema={"enum": list(SOURCE_TYPES)})]


class MetadataField(msgspec.Struct, forbid_unknown_fields=True):
    """One field of a metadata schema (API document, MetadataSchema). A description of records, never enforced."""

    field_name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    data_type: str | UnsetType | None = UNSET
    allowed_values: list[str] | UnsetType | None = UNSET
    additional_description: str | UnsetType | None = UNSET
    searchable: bool | UnsetType | None = UNSET


class SourceBody(msgspec.Struct, forbid_unknown_fields=True):
    """A data source as clients send it. Null and missing are the same; `stats` is read and ignored."""

    identifier: Identifier | None = None
    program: Name | None = None
    platform: ShortName | None = None
    instrument_type: Name | None = None
    source_type: SourceType | None = None
    display_name: ShortName | None = None
    metadata: dict[str, Any] | None = None
    owner: str | None = None
    maintainers: list[str] | None = None
    ephemeris_metadata_schema: list[MetadataField] | None = None
    data_product_metadata_schema: list[MetadataField] | None = None
    stats: Any = None


def get(identifier: int, *, status: int = 404) -> DataSource:
    """The source. Raises 404 (or `status`) where there is none."""
    source = DataSource.objects.filter(pk=identifier).first()
    if source is None:
        raise source_not_found(identifier, status=status)
    return source


def create(body: SourceBody, *, by: Account) -> DataSource:
    """A new source, numbered and owned by the caller unless the body says otherwise."""
    check_may_create(by)
    check_may_give_to(by, body.owner)
    values = _values(body)
    _check_complete(values)
    values["owner"] = values["owner"] or by.email_address
    source = DataSource(identifier=_identifier(body.identifier), **values)
    _save(source, force_insert=True)
    return source


def replace(source: DataSource, body: SourceBody, *, by: Account) -> DataSource:
    """Every field as the body has it: what it leaves out is lost (documentation page "Uploading data")."""
    _check_change(source, body, by=by)
    values = _values(body)
    _check_complete(values)
    return _assign(source, values)


def change(source: DataSource, body: SourceBody, *, by: Account) -> DataSource:
    """Only the fields the body gives. Null leaves a field alone; an empty list or object overwrites it."""
    _check_change(source, body, by=by)
    return _assign(source, {field: value for field, value in _values(body).items() if value is not None})


def delete(source: DataSource, *, by: Account) -> None:
    """Remove a source that holds nothing. Raises 409 while it has records, also such as were only just accepted."""
    check_may_change(by, source, verb="delete")
    ingest.catch_up()
    for records in (Ephemeris, DataProduct, Pending):
        if records.objects.filter(source=source).exists():
            sentence = (
                "Data Source cannot be deleted: there is existing data associated with it. Remove it first."
            )
            raise ApiError(409, sentence)
    source.delete()


def search(programs: list[str], platforms: list[str], instrument_types: list[str]) -> "QuerySet[DataSource]":
    """The sources in all the given lists; an empty list asks for nothing."""
    criteria = {"program__in": programs, "platform__in": platforms, "instrument_type__in": instrument_types}
    return DataSource.objects.filter(**{lookup: names for lookup, names in criteria.items() if names})


def _values(body: SourceBody) -> dict[str, Any]:
    """The columns a body speaks about, checked one by one; None where it says nothing."""
    values: dict[str, Any] = msgspec.to_builtins(body)
    del values["identifier"], values["stats"]
    if body.source_type is not None and body.source_type not in SOURCE_TYPES:
        raise invalid(f"source_type is {body.source_type!r}; write one of {', '.join(SOURCE_TYPES)}.")
    for field in REQUIRED:
        if values[field] is not None and not values[field].strip():
            raise invalid(f"{field} must not be empty.")
    for field, limit in LIMITS.items():
        if len(values[field] or "") > limit:
            raise _overlong(field)
    jsonb.text(body.metadata)
    values["metadata"] = jsonb.ordered(body.metadata)
    return values


def _overlong(field: str) -> ApiError:
    """The real API explains nothing here; only its clients check."""
    explained = invalid(f"{field} is longer than {LIMITS[field]} characters.")
    return BareError() if state.switches.overlong_500 else explained


def _check_complete(values: dict[str, Any]) -> None:
    missing = [field for field in REQUIRED if not values[field]]
    if missing:
        raise invalid(f"Required parameters are missing: {', '.join(missing)}.")


def _check_change(source: DataSource, body: SourceBody, *, by: Account) -> None:
    check_may_change(by, source, verb="update")
    if body.owner and body.owner != source.owner:
        check_may_give_to(by, body.owner)
    if body.identifier not in (None, source.identifier):
        raise invalid(f"The identifier of a data source cannot be changed: this is {source.identifier}.")


def _assign(source: DataSource, values: dict[str, Any]) -> DataSource:
    for field, value in values.items():
        setattr(source, field, value)
    _save(source)
    return source


def _save(source: DataSource, *, force_insert: bool = False) -> None:
    """Raises 409 where another source has the identifier or the program, platform and instrument type."""
    try:
        with transaction.atomic():
            source.save(force_insert=force_insert)
    except IntegrityError:
        sentence = "There is already a Data Source record with this identifier, or this program, platform and instrument type."
        raise ApiError(409, sentence, code="Duplicate") from None


def _identifier(given: int | None) -> int:
    """The given identifier, or the one after the highest; hidden negative and unusually high ones do not count."""
    if given is not None:
        return given
    usual = DataSource.objects.filter(pk__range=(1, HIGHEST_USUAL))
    highest: int = usual.aggregate(highest=Max("identifier"))["highest"] or 0
    return next(number for number in count(highest + 1) if not DataSource.objects.filter(pk=number).exists())
