"""Other people's event files and the record: in, with the original row beside; out; and how far two agree."""

from dragoman.exchange.importing import PROVIDERS, Provider, import_events, provider_named
from dragoman.exchange.report import ImportSummary

__all__ = ["PROVIDERS", "ImportSummary", "Provider", "import_events", "provider_named"]
