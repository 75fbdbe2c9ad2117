"""What the sandbox remembers.

Times of records are kept as the API writes them, `YYYY-MM-DDTHH:MM:SS` in UTC. Text of one fixed shape sorts as time
does, so neither ingesting nor searching a month of minutes has to convert 44,640 of them.
"""

import uuid

from django.db import models
from django.db.models import CompositePrimaryKey, Q


class Role(models.TextChoices):
    """The four roles of an account (API document, UserAccount)."""

    ADMINISTRATOR = "Administrator"
    OWNER = "Owner"
    MAINTAINER = "Maintainer"
    USER = "User"


class Account(models.Model):
    """A person who may sign in. Only a hash of the one valid API key is kept."""

    account_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email_address = models.EmailField(unique=True)
    password = models.CharField(max_length=128)
    api_key_hash = models.CharField(max_length=64, unique=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    upload_username = models.CharField(max_length=100)
    role = models.CharField(max_length=13, choices=Role.choices)
    email_confirmed = models.DateTimeField()
    agree_terms = models.DateTimeField()
    this_login = models.DateTimeField(null=True)
    last_login = models.DateTimeField(null=True)
    disabled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.email_address


class Session(models.Model):
    """An access token that `POST /authenticate` gave out, until it is ended or has been idle for too long."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    last_used = models.DateTimeField()
    requests = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"session of {self.account_id}"


class DataSource(models.Model):
    """One instrument on one platform. Lists and metadata are null, not empty, where nobody gave them."""

    identifier = models.IntegerField(primary_key=True)
    program = models.CharField(max_length=200)
    platform = models.CharField(max_length=50)
    instrument_type = models.CharField(max_length=200)
    source_type = models.CharField(max_length=14)
    display_name = models.CharField(max_length=50)
    metadata = models.JSONField(null=True)
    owner = models.CharField(max_length=254, null=True, db_index=True)
    maintainers = models.JSONField(null=True)
    ephemeris_metadata_schema = models.JSONField(null=True)
    data_product_metadata_schema = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "platform", "instrument_type"], name="one_source_per_instrument"
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.display_name}"


def _source_of_records() -> "models.ForeignKey[DataSource, DataSource]":
    """The source a record belongs to, looked up once for an upload instead of by the database for every record."""
    return models.ForeignKey(DataSource, on_delete=models.PROTECT, db_index=False, db_constraint=False)


class Ephemeris(models.Model):
    """Where an instrument was at one epoch. Degrees; longitudes from -180 to 180. `metadata` is JSON text."""

    pk = CompositePrimaryKey("source_id", "epoch")
    source = _source_of_records()
    epoch = models.CharField(max_length=19)
    geo_lat = models.FloatField(null=True)
    geo_lon = models.FloatField(null=True)
    gsm_lat = models.FloatField(null=True)
    gsm_lon = models.FloatField(null=True)
    nbtrace_lat = models.FloatField(null=True)
    nbtrace_lon = models.FloatField(null=True)
    sbtrace_lat = models.FloatField(null=True)
    sbtrace_lon = models.FloatField(null=True)
    metadata = models.TextField()

    def __str__(self) -> str:
        return f"{self.source_id} at {self.epoch}"


class DataProduct(models.Model):
    """A pointer to a picture, movie or plot. `url` may be any text; nothing is fetched. `metadata` is JSON text."""

    pk = CompositePrimaryKey("source_id", "url")
    source = _source_of_records()
    url = models.CharField(max_length=2000)
    data_product_type = models.CharField(max_length=17)
    start = models.CharField(max_length=19)
    end = models.CharField(max_length=19)
    metadata = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["source", "start"], name="products_by_start")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.url}"


class YearCount(models.Model):
    """How many records of one kind a source has in one year. `counters.py` keeps it, with every write of records.

    A day holds what starts on it. Years without records have no row.
    """

    pk = CompositePrimaryKey("source_id", "kind", "year")
    source = _source_of_records()
    kind = models.CharField(max_length=17)  # "ephemeris", or the type of data products
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    first = models.CharField(max_length=19)  # the earliest epoch or start
    last = models.CharField(max_length=19)  # the latest epoch or end
    days = models.BinaryField()  # see counters.DAYS

    class Meta:
        # Holds all that statistics are made of, so that they never read the days.
        indexes = [models.Index(fields=["source", "kind", "count", "first", "last"], name="totals_by_source")]

    def __str__(self) -> str:
        return f"{self.count} {self.kind} of {self.source_id} in {self.year}"


class Pending(models.Model):
    """Work that was accepted with 202 and is not done yet. It is done in the order it came."""

    class Kind(models.TextChoices):
        """What is to be done with `body`."""

        EPHEMERIS = "ephemeris"
        DATA_PRODUCTS = "data_products"
        DELETE_EPHEMERIS = "delete_ephemeris"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE)
    body = models.BinaryField()
    due = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} for {self.source_id}"


class DeleteJob(models.Model):
    """The trace of an ephemeris delete, to be read for about an hour (API document, delete_jobs)."""

    job_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE)
    start = models.CharField(max_length=19)
    end = models.CharField(max_length=19)
    requested = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    deleted_count = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"delete {self.start} to {self.end} of {self.source_id}"


class SearchRequest(models.Model):
    """A search by request id. Its outcome is worked out at once and shown from `completed_timestamp` on."""

    class Kind(models.TextChoices):
        """What is searched for (API document, SearchRequest)."""

        EPHEMERIS = "ephemeris"
        DATA_PRODUCT = "data_product"

    request_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    request_type = models.CharField(max_length=12, choices=Kind.choices)
    query = models.JSONField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)
    ip_address = models.CharField(max_length=45)
    requested = models.DateTimeField(db_index=True)
    completed_timestamp = models.DateTimeField()
    query_duration = models.PositiveIntegerField()  # milliseconds
    result_count = models.PositiveIntegerField()
    file_size = models.PositiveBigIntegerField()  # bytes
    result_file_deleted_timestamp = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)
    logs = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(request_type__in=["ephemeris", "data_product"]), name="known_request_type"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_type} search {self.request_id}"
