#!/usr/bin/env bash
# python-calamine 0.9.1 answers the last half millisecond of a day in a workbook as the next day's midnight.
#
# A spreadsheet keeps a moment as a number of days. 43831.999999996 is 2020-01-01 23:59:59.9997; calamine rounds it to the
# millisecond and answers 2020-01-02 00:00:00. So the end of a day that a program has written as its last moment is a day
# late. The value can still be told from a real midnight: that one, a whole number, comes as datetime.date, and the rounded
# one as datetime.datetime. openpyxl 3.1.5 rounds in the same way, and gives both as datetime.datetime.
#
# Seen on 2026-11-30:
#   43831.999999996 -> datetime 2020-01-02T00:00:00
#   43832           -> date     2020-01-02
#   43831.99999     -> datetime 2020-01-01T23:59:59.136000
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check python-calamine==0.9.1 xlsxwriter==3.3.1 openpyxl==3.1.5
"$folder/venv/bin/python" - "$folder/days.xlsx" <<'PYTHON'
import sys
from datetime import date, datetime

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

SERIALS = [43831.999999996, 43832, 43831.99999]
with xlsxwriter.Workbook(sys.argv[1]) as workbook:
    sheet = workbook.add_worksheet()
    style = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for row, serial in enumerate(SERIALS):
        sheet.write_number(row, 0, serial, style)
found = [row[0] for row in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()]
for serial, value in zip(SERIALS, found):
    print(f"{serial!r:<15} -> {type(value).__name__:<8} {value.isoformat()}")
assert found == [datetime(2020, 1, 2), date(2020, 1, 2), datetime(2020, 1, 1, 23, 59, 59, 136000)], found
assert type(found[0]) is datetime and type(found[1]) is date
cells = [row[0] for row in openpyxl.load_workbook(sys.argv[1]).active.iter_rows(values_only=True)]
print("openpyxl:", *(f"{type(cell).__name__} {cell}" for cell in cells), sep="\n  ")
assert cells[:2] == [datetime(2020, 1, 2), datetime(2020, 1, 2)], cells
PYTHON
