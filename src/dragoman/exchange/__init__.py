"""Other people's event data: into the record, mapped to PLOVER, with the original row beside."""

from dragoman.exchange.importing import PROVIDERS, Provider, import_events, provider_named
from dragoman.exchange.report import ImportSummary

__all__ = ["PROVIDERS", "ImportSummary", "Provider", "import_events", "provider_named"]
