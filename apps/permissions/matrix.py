"""The access matrix: data, no functions. Everything that decides, declares or explains access reads this table.

Source of the rules: the table in AuroraX's documentation page "Uploading data" and the descriptions of the write
operations in its API document. Where that page's prose says otherwise the table wins: docs/decisions/0001.
"""

from enum import StrEnum

from apps.permissions.actions import Action
from apps.permissions.roles import Role


class Relation(StrEnum):
    """How somebody must stand to a data source for their role to count."""

    ANY = "on any data source"
    ASSIGNED = "on data sources they maintain"
    OWN = "on data sources they own"
    OWN_OR_ASSIGNED = "on data sources they own or maintain"


ADMINISTRATOR = {Role.ADMINISTRATOR: Relation.ANY}
OWNERS = ADMINISTRATOR | {Role.OWNER: Relation.OWN}
# An Owner may be listed as a maintainer of somebody else's data source, and keeps its records then.
RECORD_KEEPERS = ADMINISTRATOR | {Role.OWNER: Relation.OWN_OR_ASSIGNED, Role.MAINTAINER: Relation.ASSIGNED}
EVERYBODY = dict.fromkeys(Role, Relation.ANY)

MATRIX: dict[Action, dict[Role, Relation]] = {
    Action.SOURCE_SEE: EVERYBODY,
    Action.SOURCE_CREATE: ADMINISTRATOR | {Role.OWNER: Relation.ANY},
    Action.SOURCE_UPDATE: OWNERS,
    Action.SOURCE_DELETE: OWNERS,
    Action.MAINTAINERS_ASSIGN: OWNERS,
    Action.SOURCE_CHANGE_OWNER: ADMINISTRATOR,
    Action.EPHEMERIS_CREATE: RECORD_KEEPERS,
    Action.EPHEMERIS_UPDATE: RECORD_KEEPERS,
    Action.EPHEMERIS_DELETE: RECORD_KEEPERS,
    Action.PRODUCTS_CREATE: RECORD_KEEPERS,
    Action.PRODUCTS_UPDATE: RECORD_KEEPERS,
    Action.PRODUCTS_DELETE: RECORD_KEEPERS,
    Action.PEOPLE_SEE: ADMINISTRATOR,
    Action.SEARCHES_MANAGE: ADMINISTRATOR,
}

LABELS: dict[Action, str] = {
    Action.SOURCE_SEE: "See data sources, records and availability",
    Action.SOURCE_CREATE: "Create a data source",
    Action.SOURCE_UPDATE: "Update a data source",
    Action.SOURCE_DELETE: "Delete a data source",
    Action.MAINTAINERS_ASSIGN: "Assign and remove maintainers",
    Action.SOURCE_CHANGE_OWNER: "Change the owner of a data source",
    Action.EPHEMERIS_CREATE: "Create ephemeris records",
    Action.EPHEMERIS_UPDATE: "Update ephemeris records",
    Action.EPHEMERIS_DELETE: "Delete ephemeris records",
    Action.PRODUCTS_CREATE: "Create data product records",
    Action.PRODUCTS_UPDATE: "Update data product records",
    Action.PRODUCTS_DELETE: "Delete data product records",
    Action.PEOPLE_SEE: "See people and their roles",
    Action.SEARCHES_MANAGE: "See and delete search requests",
}
