"""The list of pages: what is at an address, for whom, and what has to be posted to see it.

Places in braces stand for things of the prepared world (`tests.catalogue.preparing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOBODY = ""
# The switches of a sandbox that cuts every connection.
DOWN = {"drop_before": 1}


@dataclass(frozen=True)
class Page:
    """One page in one state. `name` is also the name of its picture.

    `posted` is what a form has sent to get here: its fields, or the name of a form of the world. `switches` are those of
    the sandbox while the page is opened.
    """

    name: str
    address: str
    who: str = "owner"
    posted: Mapping[str, str] | str | None = None
    status: int = 200
    switches: Mapping[str, Any] = field(default_factory=dict)


NOTHING = {"nothing": "at all"}
OPERATING = {
    "lat": "51.05",
    "lon": "-114.07",
    "way": "intervals",
    "ends": "included",
    "below": "-12",
    "text": "2020-02-01 02:00 to 2020-02-01 11:30, mode=burst\n2020-02-02 02:00 to 2020-02-02 11:45",
    "preview": "yes",
}
NAMES = {
    "urls": "https://data.example.org/20200101__gako_rego-649_full-keogram.jpg\nhttps://data.example.org/readme.txt",
    "pattern": "{date:%Y%m%d}__{site}_{device}_full-keogram.jpg",
    "length": "1440",
    "data_product_type": "keogram",
    "base": "",
}
NOWHERE = "00000000-0000-4000-8000-000000000000"
CAMERA = "/sources/{camera}/"
EMPTY = "/sources/{empty}/"
SCHEMED = "/sources/{schemed}/"

SIGNING_IN = [
    Page("sign-in", "/sign-in/", NOBODY),
    Page("sign-in-key", "/sign-in/?with=key", NOBODY),
    Page("sign-in-refused", "/sign-in/", NOBODY, {"email": "owner@example.org", "password": "wrong"}, 422),
    Page("sign-in-incomplete", "/sign-in/", NOBODY, NOTHING, 422),
    Page("sign-in-again", SCHEMED + "edit/", "sleeper", "edit-of-schemed", 401),
    Page("account", "/account/"),
    Page("sign-out-while-running", "/sign-out/", "maintainer", NOTHING),
    Page("tokens", "/settings/tokens/"),
    Page("tokens-none", "/settings/tokens/", "user"),
    Page(
        "tokens-refused",
        "/settings/tokens/",
        posted={"name": "weekly", "days": "90", "sources": "all"},
        status=422,
    ),
    Page("token-made", "/settings/tokens/", "maintainer", "new-token"),
    Page("token-key-refused", "/settings/tokens/key/", posted={"api_key": "mistyped"}, status=422),
    Page("notifications", "/notifications/"),
    Page("notifications-none", "/notifications/", "user"),
    Page("notifications-settings", "/settings/notifications/"),
    Page("notifications-settings-none", "/settings/notifications/", "user"),
    Page("notifications-refused", "/settings/notifications/", posted={"webhook_url": "ftp://x"}, status=422),
    Page("permissions", "/permissions/"),
    Page("people", "/people/", "admin"),
    Page("people-none", "/people/?q=nobody-is-called-this", "admin"),
]
LOOKING = [
    Page("overview", "/"),
    Page("overview-counted", "/overview/"),
    Page("overview-uploads", "/overview/uploads/"),
    Page("overview-quiet", "/overview/?state=quiet"),
    Page("overview-all-years", "/overview/?years=all"),
    Page("overview-everybody", "/overview/everybody/", "admin"),
    Page("service-health", "/health/", "admin"),
    Page(
        "overview-trouble",
        "/overview/",
        status=502,
        switches={"errors": "500=1", "only": "POST /api/v1/data_sources/search"},
    ),
    Page("overview-maintainer", "/", "maintainer"),
    Page("overview-administrator", "/", "admin"),
    Page("overview-first-day", "/", "user"),
    Page("sources", "/sources/"),
    Page("sources-counted", "/sources/?mine=on&stats=on"),
    Page("sources-none", "/sources/?q=nothing-is-called-this"),
    Page("sources-map", "/sources/map/?all=on"),
    Page("sources-map-located", "/sources/map/?all=on&located=on"),
    Page("sources-map-none", "/sources/map/", "user"),
    Page("activity", "/activity/"),
    Page("activity-none", "/activity/?person=nobody-is-called-this"),
    Page("activity-unclear", "/activity/?source=everywhere", status=422),
    Page("activity-event", "/activity/{event_change}/"),
    Page("activity-event-snapshot", "/activity/{event_deletion}/"),
    Page("activity-event-bulk", "/activity/{event_bulk}/"),
    Page("activity-event-undone", "/activity/{event_undone}/"),
    Page("undo", "/activity/{event_change}/undo/"),
    Page("undo-theirs", "/activity/{event_theirs}/undo/"),
    Page("undo-blocked", "/activity/{event_creation}/undo/"),
    Page("undo-changed", "/activity/{event_change}/undo/", posted={"seen": "another"}, status=409),
    Page("undo-needless", "/activity/{event_undone}/undo/"),
    Page("undo-source-deletion", "/activity/{event_source_deletion}/undo/"),
    Page("undo-bulk", "/activity/{event_bulk}/undo/"),
    Page("undo-bulk-done", "/activity/{event_bulk_done}/undo/", posted={"why": "Term is over."}),
    Page("searches", "/searches/", "admin"),
    Page("searches-none", "/searches/?search_type=data_product", "admin"),
    Page("searches-unclear", "/searches/?start=yesterday", "admin", status=422),
]
SOURCES = [
    Page("source-new", "/sources/new/"),
    Page("source-new-row", "/sources/new/", posted={"rows": "add:ephemeris_metadata_schema"}),
    Page("source-new-incomplete", "/sources/new/", posted="incomplete-source", status=422),
    Page("source-new-taken", "/sources/new/", posted="source-that-is-there", status=422),
    Page("source", CAMERA),
    Page("source-counted", CAMERA + "stats/"),
    Page("source-stranger", CAMERA, "user"),
    Page("source-empty", EMPTY + "stats/"),
    Page("source-place", CAMERA + "place/"),
    Page("source-availability", CAMERA + "availability/"),
    Page("source-schema", SCHEMED + "schema/"),
    Page("source-schema-copy", SCHEMED + "schema/ephemeris_metadata_schema/copy/"),
    Page(
        "source-schema-copy-none",
        SCHEMED + "schema/ephemeris_metadata_schema/copy/",
        posted={"why": ""},
        status=422,
    ),
    Page(
        "source-schema-copy-preview", SCHEMED + "schema/ephemeris_metadata_schema/copy/", posted="schema-copy"
    ),
    Page(
        "source-schema-copy-done",
        SCHEMED + "schema/data_product_metadata_schema/copy/",
        posted="schema-copied",
    ),
    Page("source-schema-none", EMPTY + "schema/"),
    Page("source-activity", SCHEMED + "activity/"),
    Page("source-activity-none", EMPTY + "activity/"),
    Page("source-edit", SCHEMED + "edit/"),
    Page("source-edit-commas", SCHEMED + "edit/", posted="commas", status=422),
    Page("source-edit-copy-refused", SCHEMED + "edit/", posted="copy-of-nothing"),
    Page("source-schema-impact", SCHEMED + "edit/", posted="narrowed"),
    Page("source-schema-scan", SCHEMED + "schema/scans/{scan}/"),
    Page("source-edit-code", SCHEMED + "edit/", posted="code"),
    Page("source-edit-draft-offered", EMPTY + "edit/"),
    Page("source-edit-draft", EMPTY + "edit/?draft="),
    Page("source-edit-conflict", SCHEMED + "edit/", posted="conflict", status=422),
    Page("source-replace", SCHEMED + "replace/"),
    Page("source-replace-difference", SCHEMED + "replace/", posted="replacement"),
    Page("source-health", SCHEMED + "health/"),
    Page("source-health-none", EMPTY + "health/", "user"),
    Page("source-health-running", CAMERA + "health/"),
    Page("source-repair", EMPTY + "repair/"),
    Page("source-repair-refused", EMPTY + "repair/", posted={"until": "soon"}, status=422),
    Page("source-in-repair", "/sources/{resting}/"),
    Page("source-repair-change", "/sources/{resting}/repair/"),
    Page("source-delete", EMPTY + "delete/"),
    Page("source-delete-holding", CAMERA + "delete/"),
    Page("source-delete-unconfirmed", EMPTY + "delete/", posted=NOTHING, status=422),
]
MAINTAINERS = [
    Page("maintainers-of-source", SCHEMED + "maintainers/"),
    Page("maintainers-of-source-none", EMPTY + "maintainers/"),
    Page("maintainers-of-source-stranger", SCHEMED + "maintainers/", "user"),
    Page("maintainers-add-refused", SCHEMED + "maintainers/add/", posted={"email": "no address"}, status=422),
    Page("maintainers-remove", SCHEMED + "maintainers/remove/", posted={"email": "maintainer@example.org"}),
    Page("maintainers-of-source-odd", "/sources/{odd}/maintainers/"),
    Page("maintainers", "/maintainers/"),
    Page("maintainers-none", "/maintainers/?q=nothing-is-called-this"),
    Page("maintainers-change-refused", "/maintainers/change/", posted={"verb": "add"}, status=422),
    Page("maintainers-change-remove", "/maintainers/change/", posted="remove-maintainer"),
    Page("maintainers-changed", "/maintainers/change/", posted="add-maintainer"),
    Page("maintainers-add-doubted", SCHEMED + "maintainers/add/", posted={"email": "owner2@exmaple.org"}, status=422),
    Page("handovers", "/handovers/", "admin"),
    Page("handover-new", "/handovers/new/?owner=leaver%40example.org", "admin"),
    Page("handover-new-none", "/handovers/new/?owner=nobody%40example.org", "admin"),
    Page("handover-new-refused", "/handovers/new/", "admin", {"owner": "leaver@example.org", "new_owner": "ownr2@example.org"}, 422),
    Page("handover-preview", "/handovers/new/", "admin", "handover"),
    Page("handover-done", "/handovers/{handover_done}/", "admin"),
    Page("handover-running", "/handovers/{handover_running}/", "admin"),
    Page("handover-paused", "/handovers/{handover_paused}/", "admin"),
    Page("handover-ask", "/handovers/ask/"),
    Page("handover-ask-none", "/handovers/ask/", "admin"),
]  # fmt: skip
EPHEMERIS = [
    Page("ephemeris", CAMERA + "ephemeris/"),
    Page("ephemeris-metadata", "/sources/{classified}/ephemeris/?day=2020-01-01&page=4"),
    Page(
        "ephemeris-selection-in-ranges",
        SCHEMED + "ephemeris/selection/delete/?day=2020-01-01",
        "maintainer",
        "two-ranges",
    ),
    Page("ephemeris-availability", CAMERA + "ephemeris/availability/"),
    Page("ephemeris-none", EMPTY + "ephemeris/"),
    Page("ephemeris-unclear", CAMERA + "ephemeris/?day=yesterday", status=422),
    Page("ephemeris-map-unclear", CAMERA + "ephemeris/map/?start=yesterday", status=422),
    Page("ephemeris-none-that-day", CAMERA + "ephemeris/?day=2010-01-01"),
    Page("ephemeris-record", "/sources/{classified}/ephemeris/2020-01-01T05:00:00/"),
    Page("ephemeris-edit", SCHEMED + "ephemeris/2020-01-01T00:00:00/edit/"),
    Page(
        "ephemeris-edit-refused",
        SCHEMED + "ephemeris/2020-01-01T00:00:00/edit/",
        posted={"location_geo-lat": "95"},
        status=422,
    ),
    Page("ephemeris-add", EMPTY + "ephemeris/add/"),
    Page("ephemeris-map", "/sources/{satellite}/ephemeris/map/?start=2020-01-01T00:00:00"),
    Page("ephemeris-map-none", EMPTY + "ephemeris/map/"),
    Page("ephemeris-map-empty", CAMERA + "ephemeris/map/?start=2010-01-01T00:00:00"),
    Page("ephemeris-export", CAMERA + "ephemeris/export/"),
    Page(
        "ephemeris-export-code",
        CAMERA + "ephemeris/export/?start=2020-01-01T00:00:00&end=2020-02-29T23:59:00",
    ),
    Page("ephemeris-export-refused", CAMERA + "ephemeris/export/download/?start=yesterday", status=422),
    Page("ephemeris-delete", SCHEMED + "ephemeris/delete/"),
    Page(
        "ephemeris-delete-refused", SCHEMED + "ephemeris/delete/", posted={"start": "2020-01-02"}, status=422
    ),
]
PRODUCTS = [
    Page("products", CAMERA + "products/?first=2020-01-01&last=2020-01-02"),
    Page("products-table", CAMERA + "products/?first=2020-01-01&last=2020-01-02&view=table"),
    Page("products-not-pictures", SCHEMED + "products/?first=2020-01-01&last=2020-01-31&view=gallery"),
    Page(
        "products-selection-changed",
        SCHEMED + "products/selection/delete/?first=2020-01-01&last=2020-01-31",
        "maintainer",
        "gone-product",
        409,
    ),
    Page("products-availability", CAMERA + "products/availability/"),
    Page("products-none", EMPTY + "products/"),
    Page("products-unclear", CAMERA + "products/?first=2020-01-02&last=2020-01-01", status=422),
    Page("products-none-in-span", CAMERA + "products/?first=2010-01-01&last=2010-01-02"),
    Page("products-add", EMPTY + "products/add/"),
    Page(
        "products-edit",
        SCHEMED + "products/edit/?url=keogram1.jpg&start=2020-01-01T00:00:00&end=2020-01-01T23:59:00",
    ),
    Page(
        "products-edit-refused",
        SCHEMED + "products/edit/?url=keogram1.jpg",
        posted={"start": "soon"},
        status=422,
    ),
    Page("products-export", CAMERA + "products/export/"),
    Page("products-export-refused", CAMERA + "products/export/download/", status=422),
    Page("products-delete", SCHEMED + "products/delete/"),
    Page("products-delete-refused", SCHEMED + "products/delete/", posted={"start": "soon"}, status=422),
]
DELETIONS = [
    Page("deletion-looking", SCHEMED + "ephemeris/delete/{deletion_looking}/"),
    Page("deletion-ready", SCHEMED + "ephemeris/delete/{deletion_ready}/"),
    Page("deletion-calendar", SCHEMED + "ephemeris/delete/{deletion_ready}/calendar/"),
    Page("deletion-of-products-calendar", SCHEMED + "products/delete/{deletion_of_products}/calendar/"),
    Page(
        "deletion-unconfirmed",
        SCHEMED + "ephemeris/delete/{deletion_ready}/",
        posted={"decision": "confirm", "count": "7"},
        status=422,
    ),
    Page(
        "deletion-too-late",
        SCHEMED + "ephemeris/delete/{deletion_done}/",
        posted={"decision": "cancel"},
        status=409,
    ),
    Page("deletion-nothing", SCHEMED + "ephemeris/delete/{deletion_nothing}/"),
    Page("deletion-deleting", SCHEMED + "ephemeris/delete/{deletion_deleting}/"),
    Page("deletion-paused", SCHEMED + "ephemeris/delete/{deletion_paused}/"),
    Page("deletion-stopped", SCHEMED + "ephemeris/delete/{deletion_stopped}/"),
    Page("deletion-cancelled", SCHEMED + "ephemeris/delete/{deletion_cancelled}/"),
    Page("deletion-done", SCHEMED + "ephemeris/delete/{deletion_done}/"),
    Page("deletion-on-the-edge", SCHEMED + "products/delete/{deletion_on_the_edge}/"),
    Page("deletion-of-products", SCHEMED + "products/delete/{deletion_of_products}/"),
]
UPLOADS = [
    Page("uploads", "/uploads/"),
    Page("feeds", "/feeds/"),
    Page("feeds-none", "/feeds/", "maintainer"),
    Page("feeds-everybody", "/feeds/", "admin"),
    Page("feeds-of-source", SCHEMED + "feeds/"),
    Page("feeds-of-source-none", EMPTY + "feeds/"),
    Page(
        "feed-refused",
        EMPTY + "feeds/",
        posted={"name": "x", "place": "file", "address": "ftp://x"},
        status=422,
    ),
    Page("feed", "/feeds/{feed_well}/"),
    Page("feed-looking", "/feeds/{feed_looking}/"),
    Page("feed-failing", "/feeds/{feed_failing}/"),
    Page("feed-stopped", "/feeds/{feed_stopped}/"),
    Page("feed-of-others", "/feeds/{feed_well}/", "admin"),
    Page("uploads-everybodys", "/uploads/", "admin"),
    Page("uploads-none", "/uploads/", "owner2"),
    Page("upload-ephemeris", SCHEMED + "ephemeris/upload/"),
    Page("upload-products", SCHEMED + "products/upload/"),
    Page("operating-times", SCHEMED + "ephemeris/operating/"),
    Page("operating-times-preview", SCHEMED + "ephemeris/operating/", posted=OPERATING),
    Page(
        "operating-times-refused",
        SCHEMED + "ephemeris/operating/",
        posted=OPERATING | {"text": "last night"},
        status=422,
    ),
    Page("upload-names", SCHEMED + "products/upload/names/"),
    Page("upload-names-preview", SCHEMED + "products/upload/names/", posted=NAMES),
    Page("upload-nothing", SCHEMED + "ephemeris/upload/", posted=NOTHING, status=422),
    Page("upload-unreadable", SCHEMED + "ephemeris/upload/", posted={"text": "\0\0"}, status=422),
    Page("upload-reading", "/uploads/{upload_reading}/"),
    Page("upload-needs-columns", "/uploads/{upload_columns}/"),
    Page("upload-asks", "/uploads/{upload_asks}/"),
    Page("upload-without-header", "/uploads/{upload_without_header}/"),
    Page("upload-columns-unanswered", "/uploads/{upload_columns}/read/", posted=NOTHING, status=422),
    Page("upload-rejected", "/uploads/{upload_rejected}/"),
    Page("upload-comparing", "/uploads/{upload_comparing}/"),
    Page("upload-checked", "/uploads/{upload_checked}/"),
    Page("upload-unusual", "/uploads/{upload_unusual}/"),
    Page("upload-some-columns", "/uploads/{upload_some_columns}/"),
    Page("upload-calendar", "/uploads/{upload_checked}/calendar/"),
    Page("upload-mend", "/uploads/{upload_checked}/mend/"),
    Page("upload-mend-products", "/uploads/{upload_products}/mend/"),
    Page("upload-checked-looking-on", "/uploads/{upload_checked}/", "maintainer"),
    Page("upload-checked-products", "/uploads/{upload_products}/"),
    Page("upload-all-or-nothing", "/uploads/{upload_all_or_nothing}/"),
    Page("upload-sending", "/uploads/{upload_sending}/"),
    Page("upload-paused", "/uploads/{upload_paused}/"),
    Page("upload-sign-in-needed", "/uploads/{upload_sign_in}/"),
    Page("upload-verifying", "/uploads/{upload_verifying}/"),
    Page("upload-cancelled", "/uploads/{upload_cancelled}/"),
    Page("upload-refused", "/uploads/{upload_refused}/"),
    Page("upload-nothing-to-send", "/uploads/{upload_identical}/"),
    Page("upload-verified", "/uploads/{upload_verified}/"),
    Page("upload-receipt", "/uploads/{upload_verified}/receipt/"),
    Page("upload-undo", "/uploads/{upload_verified}/undo/"),
    Page("upload-undone", "/uploads/{upload_undone}/"),
]
TROUBLE = [
    Page("trouble-403", CAMERA + "edit/", "user", status=403),
    Page("trouble-403-form", "/sign-out/", "user", {"csrfmiddlewaretoken": "old"}, 403),
    Page("trouble-404", "/nothing/is/here/", status=404),
    Page("trouble-404-upload", f"/uploads/{NOWHERE}/", status=404),
    Page("trouble-404-signed-out", "/nothing/is/here/", NOBODY, status=404),
    Page("trouble-502", CAMERA, status=502, switches=DOWN),
    Page("trouble-502-form", SCHEMED + "maintainers/add/", posted={"email": "user@example.org"}, status=502, switches=DOWN),
    Page("trouble-503", SCHEMED + "maintainers/add/", posted={"email": "user@example.org"}, status=422, switches={"maintenance": True}),
]  # fmt: skip
PAGES = [*SIGNING_IN, *LOOKING, *SOURCES, *MAINTAINERS, *EPHEMERIS, *PRODUCTS, *DELETIONS, *UPLOADS, *TROUBLE]
