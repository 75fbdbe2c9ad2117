"""The AuroraX REST API, as Python: the one place in the portal that speaks HTTP to AuroraX.

    from apps.aurorax import AuroraX, errors, sign_in

    signed_in = sign_in("owner@example.org", password)
    for source in AuroraX(signed_in.credential).sources.list(program="swarm"):
        ...

Answers are frozen records (`records`), failures are one small tree of exceptions (`errors`), and a credential belongs
to the client it was given to, never to anything shared.
"""

from apps.aurorax import errors, records, times
from apps.aurorax.client import AuroraX
from apps.aurorax.credential import AuroraXCredential
from apps.aurorax.records import (
    Account,
    Availability,
    DataProductRecord,
    DataSource,
    DataSourceStats,
    EphemerisRecord,
    ListedSource,
    Location,
    MetadataField,
    SearchRequest,
)
from apps.aurorax.signing_in import SignedIn, sign_in

__all__ = [
    "Account",
    "AuroraX",
    "AuroraXCredential",
    "Availability",
    "DataProductRecord",
    "DataSource",
    "DataSourceStats",
    "EphemerisRecord",
    "ListedSource",
    "Location",
    "MetadataField",
    "SearchRequest",
    "SignedIn",
    "errors",
    "records",
    "sign_in",
    "times",
]
