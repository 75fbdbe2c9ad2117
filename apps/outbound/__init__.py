"""Connections to addresses that people name: one guard for all of them. No Django models."""
