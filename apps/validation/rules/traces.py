"""Rules for the b-traces of places on the ground."""

from apps.validation.rules.rule import NOTICE, WARNING, Rule

AS_IT_IS = "The record is sent without it. If you know the trace, give it in the file."
TRACE_FILLED = Rule(
    "trace-filled",
    NOTICE,
    "An empty B-trace, computed from the place and the time of its record",
    "Nothing to do. If it is to stay empty, say so under “B-traces of this site”.",
)
TRACE_DIFFERS = Rule(
    "trace-differs",
    WARNING,
    "A B-trace far from the one that is computed for this place and time",
    "Check the place, its sign and the order of latitude and longitude. It is sent as it is given; to have it computed, leave it empty.",
)
TRACE_UNDEFINED = Rule(
    "trace-undefined",
    WARNING,
    "No B-trace: AACGM is not defined this near to the magnetic equator",
    AS_IT_IS,
)
TRACE_HEMISPHERE = Rule(
    "trace-hemisphere",
    WARNING,
    "No B-trace: both ends of this field line are in the same geographic hemisphere",
    AS_IT_IS,
)
TRACE_YEARS = Rule(
    "trace-years",
    WARNING,
    "No B-trace: the model holds from 1990 to the end of 2029",
    AS_IT_IS,
)
TRACE_NOT_HERE = Rule(
    "trace-not-here",
    WARNING,
    "No B-trace: this portal cannot compute it",
    "Ask whoever runs the portal to install the package aacgmv2: pip install -r requirements-science.txt. Or send the record without it.",
)
