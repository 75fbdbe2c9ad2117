"""What AuroraX would take, and what is hardly meant: a site on another continent, a camera that works by day.

While a file is read, each batch is noted (`tracks.WatchedTrack`, `product_spans.WatchedProducts`) in memory that does not grow with the
file; the summary then becomes remarks beside what is known of the data source (`ephemeris.remarks`, `products.remarks`).
"""

from apps.validation.unusual.remark import Known, Remark
from apps.validation.unusual.watching import NothingWatched, Watched

__all__ = ["Known", "NothingWatched", "Remark", "Watched"]
