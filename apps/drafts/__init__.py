"""What somebody is typing into a long form, kept by the server until it is sent or thrown away."""
