"""What the bytes of a CSV file say before they are parsed: where rows end, and whether quotes stand around cells only."""

import numpy as np

QUOTE, LINE_FEED, CARRIAGE_RETURN = b'"\n\r'


def last_row_end(text: bytes) -> int:
    r"""Behind the last line feed that is outside quotes; 0 where there is none near the end.

    'a,b\n"c\n' -> 4, as a quote is open behind it
    """
    end, open_quotes = len(text), count_byte(text, b'"')
    for _ in range(100):
        before = text.rfind(b"\n", 0, end)
        open_quotes -= text.count(b'"', before + 1, end)
        end = before
        if end < 0 or open_quotes % 2 == 0:
            return end + 1
    return 0


def count_separators(text: bytes, delimiter: str) -> int | None:
    r"""How many separators stand between cells; None where quotes stand anywhere else than around cells, or a line feed stands
    within them.

    'a,"b,c"\n"x""y",2'  -> 2
    'a"b,c' or '"a\nb"'  -> None
    """
    if b'"' not in text:
        return count_byte(text, delimiter.encode())
    characters = np.frombuffer(text, np.uint8)
    is_quote = characters == QUOTE
    quotes = np.flatnonzero(is_quote)
    if len(quotes) % 2 or not _stand_around_cells(characters, quotes, ord(delimiter)):
        return None
    is_inside = np.bitwise_xor.accumulate(is_quote)
    if (is_inside & (characters == LINE_FEED)).any():
        return None
    return int(np.count_nonzero((characters == ord(delimiter)) & ~is_inside))


def _stand_around_cells(characters: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether every opening quote begins a cell and every closing one ends it; a doubled one closes and opens again."""
    ends = np.array([LINE_FEED], np.uint8)
    before = np.concatenate((ends, characters))[quotes[0::2]]
    behind = np.concatenate((characters, ends, ends))
    after, next_but_one = behind[quotes[1::2] + 1], behind[quotes[1::2] + 2]
    begins = (before == delimiter) | (before == LINE_FEED) | (before == QUOTE)
    ends_line = (after == LINE_FEED) | ((after == CARRIAGE_RETURN) & (next_but_one == LINE_FEED))
    return bool(begins.all() and ((after == delimiter) | (after == QUOTE) | ends_line).all())


def count_byte(text: bytes, character: bytes) -> int:
    """How often one character of ASCII is in there: for one that is everywhere a tenth of the time of `bytes.count`."""
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == character[0]))
