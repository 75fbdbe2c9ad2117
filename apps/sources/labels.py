"""The API's own names in words that people read."""

from collections.abc import Sequence

from apps.aurorax.records import SOURCE_TYPES

SOURCE_TYPE_LABELS = {
    "ground": "Ground: a station or observatory",
    "heo": "Highly elliptical orbit (heo)",
    "leo": "Low Earth orbit (leo)",
    "lunar": "On or around the Moon (lunar)",
    "event_list": "Event list: times of something seen",
    "not_applicable": "Not applicable",
}
SOURCE_TYPE_CHOICES = [(name, SOURCE_TYPE_LABELS.get(name, name)) for name in SOURCE_TYPES]

FIELD_LABELS = {
    "identifier": "Identifier",
    "program": "Program",
    "platform": "Platform",
    "instrument_type": "Instrument type",
    "source_type": "Source type",
    "display_name": "Display name",
    "metadata": "Metadata",
    "owner": "Owner",
    "maintainers": "Maintainers",
    "ephemeris_metadata_schema": "Ephemeris metadata schema",
    "data_product_metadata_schema": "Data product metadata schema",
}


def in_words(names: Sequence[str]) -> str:
    """Field names as part of a sentence: `display name, source type and metadata`."""
    words = [FIELD_LABELS[name].lower() for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
