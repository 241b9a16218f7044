"""Result files of Bulk API 2.0: over a file on disk into Arrow, block by block.

A file may be larger than memory, and a transfer may break off half way. It is therefore kept on
disk until all of it has come, then read in blocks: nothing is handed on from half a file, and
memory holds one block at a time. Null and the empty string are the same; text may hold line
breaks, NUL bytes and more characters than readers of CSV commonly accept.
"""

import csv
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from pipelines.errors import SourceError
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.settings import SOURCE

# Holds the longest row: the text fields of an object are limited to 1.6 million characters.
BLOCK_BYTES: Final = 8 << 20
DOWNLOAD_ATTEMPTS: Final = 5
FIRST_WAIT_SECONDS: Final = 0.25


def fix(object_name: str) -> str:
    """What to do about a job or a file that cannot be used."""
    return (
        'Load again; if it persists, read the object with api="rest" in '
        f"[sources.salesforce.objects.{object_name}]."
    )


def download(
    client: SalesforceClient,
    path: str,
    params: dict[str, Any],
    object_name: str,
    file: IO[bytes],
) -> Mapping[str, str]:
    """Bring a result page into an empty file, from its start again if the transfer breaks off.

    Returns:
        The headers of the answer.

    Raises:
        SourceError: refused, unreachable, or every transfer broke off.
    """
    for attempt in range(DOWNLOAD_ATTEMPTS):
        response = client.call("GET", path, object_name=object_name, params=params, stream=True)
        if client.save(response, file):
            return response.headers
        time.sleep(FIRST_WAIT_SECONDS * 2**attempt)
    raise SourceError(
        f"A result page broke off {DOWNLOAD_ATTEMPTS} times before its end.",
        source=SOURCE,
        object_name=object_name,
        fix="Check the network and any proxy between this machine and the org, then load again.",
    )


def read_csv(file: IO[bytes], columns: Sequence[str], object_name: str) -> Iterator[pa.Table]:
    """Blocks of rows as text columns in the order of `columns`; `""` is null.

    Args:
        file: a result page without NUL bytes, at its start.
        columns: fields that were asked for.
        object_name: named in an error.

    Raises:
        SourceError: a column that was asked for is not in the file, or it is no CSV.
    """
    header = file.readline().decode().strip()
    if not header:  # no rows: some versions send not even a header
        return
    names = next(csv.reader([header]))
    if missing := [name for name in columns if name not in names]:
        raise SourceError(
            f"The result file lacks {', '.join(missing)}.",
            source=SOURCE,
            object_name=object_name,
            field=", ".join(missing),
            fix=fix(object_name),
        )
    try:
        # The rest is rows alone. An empty rest is no rows, which Arrow takes for an error.
        if file.read(1):
            file.seek(0)
            yield from _blocks(file, columns)
    except pa.ArrowInvalid as error:
        raise SourceError(
            f"The result file cannot be read: {error}.",
            source=SOURCE,
            object_name=object_name,
            fix=fix(object_name),
        ) from error


def _blocks(file: IO[bytes], columns: Sequence[str]) -> Iterator[pa.Table]:
    reader = arrow_csv.open_csv(
        file,
        arrow_csv.ReadOptions(block_size=BLOCK_BYTES),
        arrow_csv.ParseOptions(newlines_in_values=True),
        arrow_csv.ConvertOptions(
            include_columns=list(columns),
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )
    for block in reader:
        yield pa.Table.from_batches([block])
