"""Salesforce record ids: 15 case-sensitive characters and the 3-character checksum of their case.

The API returns 18 characters, user interfaces and many integrations store 15.
"""

from typing import Final

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
INSTANCE: Final = "5g0000"
SHORT_LENGTH: Final = 15
BLOCK: Final = 5
# Ids of one org are not handed out without gaps; a stride keeps neighbors apart.
STRIDE: Final = 37
OFFSET: Final = 238_400


def checksum(short_id: str) -> str:
    """The three characters that say which of the 15 are capitals.

    Raises:
        ValueError: the id does not have 15 characters.
    """
    if len(short_id) != SHORT_LENGTH:
        raise ValueError(f"a short Salesforce id has 15 characters: {short_id!r}")
    blocks = (short_id[start : start + BLOCK] for start in range(0, SHORT_LENGTH, BLOCK))
    return "".join(
        ALPHABET[sum(1 << at for at, char in enumerate(block) if "A" <= char <= "Z")]
        for block in blocks
    )


def salesforce_id(prefix: str, number: int) -> str:
    """The 18-character id of the n-th record of an object.

    Args:
        prefix: key prefix of the object, three characters.
        number: 1 for the object's first record.
    """
    rest = OFFSET + number * STRIDE
    tail = ""
    for _ in range(SHORT_LENGTH - len(prefix) - len(INSTANCE)):
        rest, digit = divmod(rest, len(DIGITS))
        tail = DIGITS[digit] + tail
    short_id = prefix + INSTANCE + tail
    return short_id + checksum(short_id)
