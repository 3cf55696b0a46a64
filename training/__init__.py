"""Makes the coder's encoder; no part of the package, and needs the extra `train`."""
