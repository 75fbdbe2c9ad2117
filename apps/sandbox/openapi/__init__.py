"""The sandbox's own OpenAPI document, in our own words.

Bodies that are read are described by the very structures that read them, so that part cannot drift from the code.
"""
