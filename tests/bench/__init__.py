"""How fast the portal and its sandbox are, each figure beside a peer in the same run: `make bench`."""
