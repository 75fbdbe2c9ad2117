"""Tokens: what a program shows the portal instead of somebody's sign-in, and the AuroraX API key that it works under."""
