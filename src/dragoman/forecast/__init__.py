"""Forecasts that state their odds and are scored."""
