"""What somebody who means harm, or a file that does, may try: no answer of 500 or more, none over 10 seconds, nothing done
that they may not do. `make test` tries a part of it, `make attack` all; docs/security.md counts the cases.
"""
