#!/usr/bin/env bash
# geopack 1.0.13 (Tsyganenko models and GSM coordinates) carries no field model: importing it fetches one.
#
# The wheel has none of the IGRF coefficients. `from geopack import geopack` makes a folder beside the module, asks a server
# which files of coefficients there are, stores them there, and takes the one with the highest number. So it needs the network,
# and a site-packages that can be written to, at the first import of every installation; the numbers it computes depend on what the
# server offered that day; and without the network the import ends with "ValueError: max() arg is an empty sequence", which
# says nothing of networks. Whoever needs GSM in a container, or the same numbers next year, has to put the file of coefficients there.
#
# Seen on 2026-12-01:
#   files of coefficients in the wheel: 0
#   Load IGRF coefficients ...
#   Failed to get the list of IGRF coefficients.
#   import without a network: ValueError: max() arg is an empty sequence
#   folder made by the import: igrf_coeffs, with 0 files
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check geopack==1.0.13 numpy==2.4.6 scipy
"$folder/venv/bin/python" - <<'PYTHON'
import urllib.error
import urllib.request
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path

shipped = [file for file in files("geopack") if "igrf" in file.name.lower()]
print("files of coefficients in the wheel:", len(shipped))
assert shipped == []


def no_network(*args, **options):
    raise urllib.error.URLError("there is no network")


urllib.request.urlopen = no_network
place = Path(find_spec("geopack").submodule_search_locations[0]) / "igrf_coeffs"
assert not place.exists()
try:
    from geopack import geopack
except ValueError as error:
    print(f"import without a network: {type(error).__name__}: {error}")
    assert str(error) == "max() arg is an empty sequence"
else:
    raise SystemExit("it can be imported without a network now")
print(f"folder made by the import: {place.name}, with {len(list(place.iterdir()))} files")
assert place.is_dir()
PYTHON
