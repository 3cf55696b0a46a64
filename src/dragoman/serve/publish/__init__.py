"""Publishing: what briefs are made of on the desk, how they are shown, found, fed to readers and kept clean."""
