"""Formats that are known and not read: what a file is, and the line that makes CSV of it where it was written."""

import re
from collections.abc import Sequence

from apps.readers.errors import UnreadableFile

CURE = (
    "Save its records as CSV, JSON, NDJSON, a workbook or Parquet (gzip and zip are fine), and upload that."
)
_PANDAS = "In Python: pandas.{reader}.to_csv('records.csv', index=False). Upload that."
_XARRAY = "In Python: xarray.open_dataset('FILE').to_dataframe().reset_index().to_csv('records.csv', index=False). Upload that."

# The first bytes, what the file is, and what to do; FILE stands for its name.
BY_MAGIC: Sequence[tuple[bytes, str, str]] = [
    (b"%PDF", "a PDF", CURE),
    (b"\x89PNG", "a picture", CURE),
    (b"\xff\xd8\xff", "a picture", CURE),
    (b"GIF8", "a picture", CURE),
    (b"SQLite format 3", "a database", "With sqlite3: .headers on, .mode csv, .once records.csv, then SELECT. Upload that."),
    (b"CDF\x01", "a netCDF file", _XARRAY),
    (b"CDF\x02", "a netCDF file", _XARRAY),
    (b"CDF\x05", "a netCDF file", _XARRAY),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file", "In MATLAB: writetable(records, 'records.csv'). Upload that."),
    (b"MATLAB 7.3 MAT-file", "a MATLAB file", "In MATLAB: writetable(records, 'records.csv'). Upload that."),
    (b"# Created by Octave", "what Octave's save writes", ("In Octave write the columns with fprintf, one row a line, with"
     " commas between them. Upload that.")),
    (b"SR\x00\x04", "an IDL save file", ("In IDL: WRITE_CSV, 'records.csv', records, HEADER=TAG_NAMES(records). Upload"
     " that.")),
    (b"SIMPLE  =", "a FITS file", "In Python: astropy.table.Table.read('FILE').write('records.csv'). Upload that."),
    (b"\x93NUMPY", "a NumPy array", ("In Python: numpy.savetxt('records.csv', numpy.load('FILE'), delimiter=','). Upload"
     " that.")),
    (b"ARROW1", "a Feather (Arrow) file", _PANDAS.format(reader="read_feather('FILE')")),
    (b"ORC", "an ORC file", _PANDAS.format(reader="read_orc('FILE')")),
    (b"Obj\x01", "an Avro file", CURE),
    (b"RDX", "R data", "In R: load('FILE'), then write.csv(records, 'records.csv', row.names = FALSE). Upload that."),
    (b"RDA", "R data", "In R: load('FILE'), then write.csv(records, 'records.csv', row.names = FALSE). Upload that."),
    (b"X\n\x00\x00", "R data", "In R: write.csv(readRDS('FILE'), 'records.csv', row.names = FALSE). Upload that."),
    (b"\x80\x04\x95", "a Python pickle", _PANDAS.format(reader="read_pickle('FILE')")),
    (b"\x80\x05\x95", "a Python pickle", _PANDAS.format(reader="read_pickle('FILE')")),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it, and upload the file in it; gzip and zip are fine."),
    (b"Rar!", "a RAR archive", "Unpack it, and upload the file in it; gzip and zip are fine."),
    (b"BZh", "a bzip2 archive", "Unpack it, and upload the file in it; gzip and zip are fine."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it, and upload the file in it; gzip and zip are fine."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it, and upload the file in it; gzip and zip are fine."),
]  # fmt: skip
BY_TEXT = (
    (re.compile(rb"<\?xml[^>]*>.*<VOTABLE\b|\s*<VOTABLE\b", re.DOTALL), "a VOTable",
     "In Python: astropy.table.Table.read('FILE').write('records.csv'). Upload that."),
    (re.compile(rb"\s*(<\?xml\b|<[A-Za-z]+ xmlns)"), "XML", ("Save its records as CSV or JSON, for instance in Python with"
     " pandas.read_xml('FILE').to_csv('records.csv', index=False), and upload that.")),
    (re.compile(rb"\s*<(!doctype|html|head|body|table)\b", re.IGNORECASE), "a web page", ("Save what it links to, or in"
     " Python: pandas.read_html('FILE')[0].to_csv('records.csv', index=False), and upload that.")),
)  # fmt: skip


def refuse(head: bytes) -> None:
    """Raise `UnreadableFile` for a file whose first bytes are those of a format that is not read."""
    for magic, name, cure in BY_MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(f"This is {name}, whatever its name says. {cure}")
    for text, name, cure in BY_TEXT:
        if text.match(head):
            raise UnreadableFile(f"This is {name}, whatever its name says. {cure}")
