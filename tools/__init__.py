"""What helps to look after the project; the portal runs without it."""
