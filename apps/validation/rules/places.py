"""Rules for numbers and locations."""

from apps.validation.rules.rule import NOTICE, PROBLEM, Rule

NOT_A_NUMBER = Rule("not-a-number", PROBLEM, "Not a number", "Write degrees such as 51.05.")
DECIMAL_COMMA = Rule(
    "decimal-comma",
    PROBLEM,
    "A decimal comma",
    "Write decimals with a point: 51.05. If all of the file's have a comma, say so under “How it was read”.",
)
LATITUDE = Rule(
    "latitude",
    PROBLEM,
    "A latitude outside -90 to 90",
    "Check the value, and that lat and lon are not swapped.",
)
GSM_LATITUDE = Rule("gsm-latitude", PROBLEM, "A GSM latitude outside -180 to 180", "Check the value.")
LONGITUDE = Rule("longitude", PROBLEM, "A longitude outside -180 to 360", "Check the value.")
ONE_SIDED = Rule(
    "one-sided",
    PROBLEM,
    "A latitude without its longitude, or the other way round",
    "Give both, or leave both empty.",
)
FILL_VALUE = Rule(
    "fill-value",
    NOTICE,
    "A fill value, sent as no value",
    "Nothing to do: -999, -9999, ±1e31 and NaN mean none.",
)
NO_VALUE = Rule(
    "no-value",
    NOTICE,
    "A word for no value, sent as none",
    "Nothing to do: NA, N/A, NULL, None, NaN, NaT, #N/A and \\N mean none. If one is meant as text, say so under “How it"
    " was read”.",
)
RADIANS = Rule(
    "radians", NOTICE, "An angle in radians, sent as degrees", "Nothing to do if the column counts radians."
)
COLATITUDE = Rule(
    "colatitude",
    NOTICE,
    "A colatitude, sent as 90 degrees minus it",
    "Nothing to do if the column counts from the North Pole.",
)
CARTESIAN = Rule(
    "cartesian",
    NOTICE,
    "A place in x, y and z, sent as the latitude and longitude of its direction",
    "Nothing to do: AuroraX keeps no distance. Latitudes are geocentric.",
)
LONGITUDE_TURNED = Rule(
    "longitude-turned", NOTICE, "A longitude over 180, sent as itself minus 360", "Nothing to do."
)
LATITUDE_FOLDED = Rule(
    "latitude-folded",
    NOTICE,
    "A GSM latitude over 90: AuroraX keeps 180 minus it",
    "Nothing to do if that is what you expect.",
)
