"""Customers' opinions of the service in SQL."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.adapters.database.tables import RatingRow
from bot.domain.ratings import Rating, Score


class SqlRatingBook:
    """See `bot.services.customer_books.RatingBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, rating: Rating, given_on: date) -> None:
        row = self._session.scalar(
            select(RatingRow).where(
                RatingRow.conversation_id == rating.conversation_id, RatingRow.given_on == given_on
            )
        )
        if row is None:
            row = RatingRow(conversation_id=rating.conversation_id, given_on=given_on)
            self._session.add(row)
        row.score = rating.score.value if rating.score else None
        row.scale = rating.score.scale if rating.score else None
        row.comment = rating.comment
        row.order_number = rating.order_number
        row.at = rating.at
        self._session.flush()

    def of_conversation(self, conversation_id: str) -> tuple[Rating, ...]:
        rows = self._session.scalars(
            select(RatingRow)
            .where(RatingRow.conversation_id == conversation_id)
            .order_by(RatingRow.id)
        )
        return tuple(map(_rating_of, rows))


def _rating_of(row: RatingRow) -> Rating:
    score = Score(row.score, row.scale) if row.score is not None and row.scale else None
    return Rating(row.conversation_id, row.at, score, row.comment, row.order_number)
