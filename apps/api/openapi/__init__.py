"""The OpenAPI document of the API, written by hand and compared with its answers by the tests."""
