"""Faults, tried for real: `python -m benchmarks.faults` breaks Dragoman in every way listed and tells what was lost."""
