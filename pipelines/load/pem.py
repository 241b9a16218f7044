"""Private keys as settings hold them."""

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pipelines.errors import ConfigurationError


def read_private_key(text: str, source: str) -> tuple[str, PrivateKeyTypes]:
    r"""PEM text and the key in it; an environment variable may hold line breaks as \n.

    Raises:
        ConfigurationError: it is not the text of an unencrypted private key.
    """
    pem = text.replace("\\n", "\n")
    try:
        return pem, load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            "The private key is not the PEM text of an unencrypted private key.",
            source=source,
            field="private_key",
            fix=f"Set sources.{source}.private_key to the whole text, from -----BEGIN to the last "
            "line -----END.",
        ) from error
