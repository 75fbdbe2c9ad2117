"""The four kinds of AuroraX account (AuroraX API document: UserAccount.role)."""

from enum import StrEnum


class Role(StrEnum):
    """An account's role, in the API's own words."""

    ADMINISTRATOR = "Administrator"
    OWNER = "Owner"
    MAINTAINER = "Maintainer"
    USER = "User"

    @property
    def description(self) -> str:
        """Two sentences for the person who decides which role somebody should have."""
        return DESCRIPTIONS[self]


DESCRIPTIONS = {
    Role.ADMINISTRATOR: "The AuroraX team. May change and delete everything, and hand a data source to another owner.",
    Role.OWNER: "Runs an instrument or an array. Creates data sources, looks after them and their records, and names"
    " the people who help.",
    Role.MAINTAINER: "Helps an owner. Uploads, repairs and deletes records of the data sources they are assigned to.",
    Role.USER: "Looks. Sees every data source and record, and changes nothing.",
}
