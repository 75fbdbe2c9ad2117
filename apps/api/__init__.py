"""The portal for programs: what people do on the pages, over HTTP with JSON. Everything goes through the same services."""
