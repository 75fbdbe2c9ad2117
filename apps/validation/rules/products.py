"""Rules for data products."""

from apps.validation.rules.rule import NOTICE, PROBLEM, WARNING, Rule

PRODUCT_TYPE = Rule(
    "product-type",
    PROBLEM,
    "A data product type AuroraX does not know",
    "Use keogram, montage, movie, summary_plot or data_availability.",
)

PRODUCT_TYPE_SPELLING = Rule(
    "product-type-spelling",
    NOTICE,
    "A data product type with capital letters or blanks, sent without",
    "Nothing to do: AuroraX takes small letters only.",
)
URL_JSON = Rule(
    "url-json",
    PROBLEM,
    "Not a URL as JSON text, or a second URL beside one",
    'Write the URL in quotation marks in url_json, such as "=1.jpg", or as it is in url, and leave the other empty.',
)
URL_BLANKS = Rule(
    "url-blanks",
    WARNING,
    "A URL with blanks at its beginning or end, which are sent as part of it",
    "Remove them, unless AuroraX has this URL with the same blanks.",
)
URL_TRIMMED = Rule(
    "url-trimmed",
    NOTICE,
    "Blanks around a URL, sent without",
    "Nothing to do. Blanks that belong to a URL are kept in url_json, in quotation marks.",
)
