"""Every page a person can open: `pages` lists them, `preparing` makes what they show, and tests and pictures walk them."""
