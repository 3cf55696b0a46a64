"""Searching the record: an index in an SQLite file, kept up to the record's newest version, and questions to it."""

from dragoman.serve.search.asking import Answer, FoundDocument, FoundEvent, Piece, Wanted, find_documents, find_events
from dragoman.serve.search.following import SearchIndex
from dragoman.serve.search.words import FoundActor, Phrase, find_actors, phrases_of

__all__ = [
    "Answer",
    "FoundActor",
    "FoundDocument",
    "FoundEvent",
    "Phrase",
    "Piece",
    "SearchIndex",
    "Wanted",
    "find_actors",
    "find_documents",
    "find_events",
    "phrases_of",
]
