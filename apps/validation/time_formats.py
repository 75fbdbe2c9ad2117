"""How the times of a column may be written. A column has one spelling; plain numbers have to be declared."""

from enum import StrEnum


class TimeFormat(StrEnum):
    """Its values are shown to people, and kept with what they chose."""

    ISO = "ISO 8601"
    SLASHES = "year/month/day"
    DAY_OF_YEAR = "day of year"
    BASIC = "ISO 8601 without separators"
    NAMED_MONTH = "day, name of the month, year"
    ASCTIME = "weekday, month, day, time, year"
    YEAR_LAST = "day and month before the year"
    UNIX_SECONDS = "Unix seconds"
    UNIX_MILLISECONDS = "Unix milliseconds"
    UNIX_MICROSECONDS = "Unix microseconds"
    UNIX_NANOSECONDS = "Unix nanoseconds"
    UNIX_DAYS = "days since 1970"
    DIGITS = "digits YYYYMMDDhhmm"
    EXCEL = "days of Excel, since 1900"
    EXCEL_1904 = "days of Excel, since 1904"
    MJD = "Modified Julian Date"
    JULIAN_DATE = "Julian date"
    DATENUM = "datenum of MATLAB and Octave"
    TT2000 = "TT2000 of CDF"
    CDF_EPOCH = "CDF_EPOCH"
    GPS_SECONDS = "GPS seconds"


# Numbers of which only a person can say what they count. Where several can be meant the first is proposed.
DECLARED = (
    TimeFormat.DIGITS,
    TimeFormat.UNIX_SECONDS,
    TimeFormat.UNIX_MILLISECONDS,
    TimeFormat.EXCEL,
    TimeFormat.MJD,
    TimeFormat.JULIAN_DATE,
    TimeFormat.DATENUM,
    TimeFormat.TT2000,
    TimeFormat.CDF_EPOCH,
    TimeFormat.UNIX_MICROSECONDS,
    TimeFormat.UNIX_NANOSECONDS,
    TimeFormat.GPS_SECONDS,
    TimeFormat.UNIX_DAYS,
    TimeFormat.EXCEL_1904,
)
UNIX = frozenset(each for each in DECLARED if each.name.startswith("UNIX_"))
