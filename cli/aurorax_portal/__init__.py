"""The AuroraX Provider Portal without a browser: push, check, status, receipt, pull, undo."""

VERSION = "0.1.0"
