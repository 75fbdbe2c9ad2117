"""Rules for times."""

from apps.validation.rules.rule import NOTICE, PROBLEM, WARNING, Rule

_TIME = "Write UTC as YYYY-MM-DDTHH:MM:SS, such as 2020-01-01T00:00:00."

NOT_A_TIME = Rule("not-a-time", PROBLEM, "Not a time", _TIME)
AMBIGUOUS_TIME = Rule("ambiguous-time", PROBLEM, "Day and month cannot be told apart", _TIME)
OTHER_SPELLING = Rule(
    "other-spelling",
    PROBLEM,
    "A time written in another way than the first one of its column",
    "Write all times of a column alike.",
)
NOT_UNIX = Rule("not-unix", PROBLEM, "Not a number as this column was said to hold", _TIME)
DATE_ALONE = Rule(
    "date-alone",
    NOTICE,
    "A date without a time of day, taken as its midnight",
    "Nothing to do if midnight is meant: pandas, R and Gnumeric write it so. Write a time of day where another is.",
)
ALL_DAY = Rule(
    "all-day",
    NOTICE,
    "An end without a time of day, taken as 23:59 of that day, as you answered",
    "Nothing to do. The answer can be changed under “How it was read”.",
)
NEXT_MIDNIGHT = Rule(
    "next-midnight",
    WARNING,
    "24:00, taken as midnight of the next day, as ISO 8601 has it",
    "Check that nothing counts the hours of a day from 1 to 24 and means the midnight before.",
)
NO_SUCH_TIME = Rule("no-such-time", PROBLEM, "There is no such date or time", _TIME)
YEAR = Rule("year", PROBLEM, "A year before 1900 or after 2100", "Check the year.")
START_AFTER_END = Rule(
    "start-after-end", PROBLEM, "The start is after the end", "Write the earlier time as start."
)
OFFSET = Rule(
    "offset", NOTICE, "A time with an offset, converted to UTC", "Nothing to do if the offset is right."
)
SECONDS_CUT = Rule(
    "seconds-cut",
    NOTICE,
    "Seconds are cut: rounded to the nearest millisecond, then cut to the minute, by which records are kept",
    "Nothing to do if that is what you expect.",
)
FLOAT_NOISE = Rule(
    "float-noise",
    NOTICE,
    "Less than a millisecond beside a whole minute: rounded to the nearest millisecond, then cut to the minute",
    "Nothing to do: programs that count days or seconds write such times.",
)
TO_NEAREST = Rule(
    "to-nearest",
    NOTICE,
    "Rounded to the nearest minute, as you answered",
    "Nothing to do. The answer can be changed under “How it was read”.",
)
END_OF_DAY = Rule(
    "end-of-day",
    NOTICE,
    "The end of a day, written as 24:00 or a moment before midnight: kept as 23:59 of that day",
    "Nothing to do if that is what you expect.",
)
EARLY = Rule(
    "early",
    WARNING,
    "A time before there was anything to observe with",
    "Check what the column counts: no data are from before 1957, and Unix times in 1970 are nearly always something"
    " else, such as days or milliseconds.",
)
FUTURE = Rule(
    "future",
    WARNING,
    "A time further ahead than records of this kind reach",
    "Check the year. Orbits are predicted for up to ten years; what is on the ground has been observed already.",
)
FAR = Rule(
    "far",
    WARNING,
    "A few times far from all others of the file",
    "Check them: a receiver that was reset writes 1980-01-06. The list names up to a hundred of each group.",
)
