"""Figures of the running desk, in the text format of Prometheus; they tell of no person and hold no secret."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3, 10)
"""The upper bounds of the histogram's bins."""


class Figures:
    """What is counted of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dragoman_requests",
            "Requests that were answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "dragoman_request_seconds",
            "Seconds until the answer was whole.",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.record_version = Gauge(
            "dragoman_record_version", "Version of the record that pages show.", registry=self.registry
        )

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        found: bytes = generate_latest(self.registry)
        return found


class Measured:
    """Counts every answer, by the address of its route, never by the address asked for."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and count it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", None) or "none"
            method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST"} else "other"
            self.figures.requests.labels(method, route, str(status)).inc()
            self.figures.seconds.labels(route).observe(time.perf_counter() - started)
