from __future__ import annotations

import dragoman.watch


def test_public_names_are_sorted_and_present() -> None:
    assert dragoman.watch.__all__ == sorted(dragoman.watch.__all__)
    assert all(hasattr(dragoman.watch, name) for name in dragoman.watch.__all__)
