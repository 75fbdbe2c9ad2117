"""What the sandbox starts with: five accounts, about a hundred real data sources, and some records.

Names, numbers and schemas of the sources are facts of the public AuroraX catalogue; the people are invented.
"""
