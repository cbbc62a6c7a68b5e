"""The account book of a platform in its own database, and what its webhooks and campaigns ask of it.

Nothing here knows of a web framework: `webhook.py` beside this puts it behind FastAPI. Any database does that locks a row or a table while a
worker reads, joins and writes it; this one is SQLite, from Python's own library.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import cleartosend as cts

TABLE = "CREATE TABLE IF NOT EXISTS book_row (key TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID"


def is_signed(secret: bytes, body: bytes, header: str | None) -> bool:
    """Whether Meta signed this body: `X-Hub-Signature-256` holds the HMAC of the bytes as they came, by the app's secret.

    The comparison takes as long for a wrong signature as for a right one.
    """
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return header is not None and hmac.compare_digest(expected.encode(), header.encode())


def challenge(token: str, query: dict[str, str]) -> str | None:
    """What to answer when Meta verifies the address; `None` for whoever does not know the token."""
    known = hmac.compare_digest(token.encode(), query.get("hub.verify_token", "").encode())
    return query.get("hub.challenge", "") if known and query.get("hub.mode") == "subscribe" else None


class Accounts:
    """The book, a row a key. Workers share nothing but the database."""

    def __init__(self, path: str) -> None:
        self._path = path
        with self._transaction() as database:
            database.execute(TABLE)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A change that other workers wait for. In PostgreSQL: `SELECT ... FOR UPDATE` of the rows."""
        database = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
        finally:
            database.close()

    def receive(self, body: bytes, received_at: datetime | None = None) -> list[dict[str, Any]]:
        """Takes in one webhook, and stores the rows that it changes: all of them or none.

        Rows are joined, so that it does no harm if a webhook comes twice, late, or to two workers at once. Raises `cts.AccountError` for what
        is no webhook; nothing is stored then.
        """
        book = cts.Account()
        applied = book.receive(body, received_at=received_at or datetime.now(timezone.utc))
        if applied["rows"]:
            with self._transaction() as database:
                for key in applied["rows"]:
                    stored = database.execute("SELECT row FROM book_row WHERE key = ?", (key,)).fetchone()
                    if stored is not None:
                        book.merge_row(key, stored[0])
                    self._put(database, book, key)
        return applied["changes"]

    @staticmethod
    def _put(database: sqlite3.Connection, book: cts.Account, key: str) -> None:
        upsert = "INSERT INTO book_row (key, row) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET row = excluded.row"
        database.execute(upsert, (key, book.row(key)))

    def book(self, *, people_of: str | None = None) -> cts.Account:
        """What is stored of businesses, numbers and templates; and of people, where an account is named whose audience is judged."""
        query, bounds = "SELECT key, row FROM book_row WHERE NOT (key >= 'recipient/' AND key < 'recipient0')", []
        if people_of is not None:
            # `0` comes next after `/`. Marks of events that named no account are kept under an empty one.
            for sender in ("", people_of):
                query += " OR (key >= ? AND key < ?)"
                bounds += [f"recipient/{sender}/", f"recipient/{sender}0"]
        return self._read(query, bounds)

    def _read(self, query: str, bounds: list[str]) -> cts.Account:
        book = cts.Account()
        database = sqlite3.connect(self._path, timeout=30)
        try:
            for key, row in database.execute(query, bounds):
                book.merge_row(key, row)
        finally:
            database.close()
        return book

    def acknowledge(self, account: str) -> list[str]:
        """Somebody has looked at the events that were not understood: checks no longer ask for review because of them."""
        with self._transaction() as database:
            book = cts.Account()
            for key, row in database.execute("SELECT key, row FROM book_row WHERE key LIKE 'account/%'"):
                book.merge_row(key, row)
            changed = book.acknowledge(datetime.now(timezone.utc), id=account)
            for key in changed:
                self._put(database, book, key)
            return changed

    def forget(self, person: str) -> dict[str, list[str]]:
        """Erases a person, given by number or user id, under every name that is linked with it."""
        return self._erase(lambda book: book.forget(person))

    def expire(self, before: datetime) -> dict[str, list[str]]:
        """Erases what no check after that instant asks about. Once a day is enough."""
        return self._erase(lambda book: book.expire(before))

    def _erase(self, erase: Any) -> dict[str, list[str]]:
        with self._transaction() as database:
            book = cts.Account()
            for key, row in database.execute("SELECT key, row FROM book_row"):
                book.merge_row(key, row)
            erased = erase(book)
            for key in erased["removed"]:
                database.execute("DELETE FROM book_row WHERE key = ?", (key,))
            # Joining would bring back what has gone: these are replaced as they are.
            for key in erased["replaced"]:
                self._put(database, book, key)
            return erased
