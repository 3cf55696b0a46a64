"""Other people's event files and the record: out, in, and how far two records agree."""
