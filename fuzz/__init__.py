"""Coverage-guided fuzzing of every reader and importer; `python -m fuzz --help`."""
