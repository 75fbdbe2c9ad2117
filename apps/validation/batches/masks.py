"""Answers to a question about every row."""

import polars as pl


def null_is_false(answers: pl.Series) -> pl.Series:
    """The same answers, no where there is none (null).

    In polars a question costs more than the answers to it, so nothing is filled where nothing is missing.
    """
    return answers.fill_null(value=False) if answers.has_nulls() else answers
