"""Thin commands over the stages."""
