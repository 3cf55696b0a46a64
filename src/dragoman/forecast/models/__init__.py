"""The models of a question's odds; all have one shape, `Model`."""
