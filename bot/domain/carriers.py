"""Where a parcel can be followed, by carrier."""

from collections.abc import Mapping
from urllib.parse import quote


class Carriers:
    """Tracking pages of the carriers a shop uses; names compare without case."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = {name.casefold(): page for name, page in pages.items()}

    def tracking_link(self, carrier: str, tracking_number: str) -> str | None:
        """The page of a parcel; None for a carrier without a known one."""
        page = self._pages.get(carrier.casefold())
        return page.replace("{number}", quote(tracking_number, safe="")) if page else None
