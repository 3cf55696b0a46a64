"""Review: what to look at next, what a reviewer decided, how far reviewers agree, how often the coder is right."""
