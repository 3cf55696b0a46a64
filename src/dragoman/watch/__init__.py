"""Watches sources on a schedule and tells the right people when something happens."""

from dragoman.watch.alerting import Alerting
from dragoman.watch.alerts import alerts
from dragoman.watch.archive import Archive
from dragoman.watch.channels import AppriseSender, Channel, Sender, load_channels
from dragoman.watch.clock import Clock, SystemClock
from dragoman.watch.presets import Preset, presets
from dragoman.watch.rules import Rule, RuleKind, load_rules
from dragoman.watch.sources import Kind, Limits, Source, load_sources
from dragoman.watch.status import SourceStatus, source_status
from dragoman.watch.watcher import Watcher

__all__ = [
    "Alerting",
    "AppriseSender",
    "Archive",
    "Channel",
    "Clock",
    "Kind",
    "Limits",
    "Preset",
    "Rule",
    "RuleKind",
    "Sender",
    "Source",
    "SourceStatus",
    "SystemClock",
    "Watcher",
    "alerts",
    "load_channels",
    "load_rules",
    "load_sources",
    "presets",
    "source_status",
]
