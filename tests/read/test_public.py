from __future__ import annotations

import dragoman.read


def test_public_names_are_sorted_and_present() -> None:
    assert dragoman.read.__all__ == [
        "Answer",
        "Fetched",
        "Fetcher",
        "Getter",
        "Input",
        "ReadOptions",
        "find_inputs",
        "read_input",
        "redirection",
    ]
    assert all(hasattr(dragoman.read, name) for name in dragoman.read.__all__)
