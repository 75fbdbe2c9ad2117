"""Everything a person can do in the portal that somebody else may not."""

from enum import StrEnum


class Action(StrEnum):
    """`noun.verb`, in alphabetical order: the noun is what is acted on, the verb what AuroraX's documentation calls it."""

    EPHEMERIS_CREATE = "ephemeris.create"
    EPHEMERIS_DELETE = "ephemeris.delete"
    EPHEMERIS_UPDATE = "ephemeris.update"
    MAINTAINERS_ASSIGN = "maintainers.assign"
    PEOPLE_SEE = "people.see"
    PRODUCTS_CREATE = "products.create"
    PRODUCTS_DELETE = "products.delete"
    PRODUCTS_UPDATE = "products.update"
    SEARCHES_MANAGE = "searches.manage"
    SOURCE_CHANGE_OWNER = "source.change_owner"
    SOURCE_CREATE = "source.create"
    SOURCE_DELETE = "source.delete"
    SOURCE_SEE = "source.see"
    SOURCE_UPDATE = "source.update"
