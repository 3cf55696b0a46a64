"""The steps that brought the database's tables to where they are, in order."""
