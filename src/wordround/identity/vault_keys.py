"""The pair of keys of the locator vault: `keys/vault.pub` seals, and the private key opens.

The private key is WORDROUND_VAULT_KEY or `keys/vault.key`, mode 0600. The first run makes the pair. Only the two halves
of the vault may import this module (a contract in pyproject.toml), and the sealing half uses the public key alone.
"""

from pathlib import Path

from nacl.public import PrivateKey, PublicKey

from wordround.access import own_secret, parse_key
from wordround.errors import SettingsInvalid
from wordround.settings import Settings
from wordround.storage import write_whole


def public_key(settings: Settings) -> PublicKey:
    """Return the public key; the first run makes the pair."""
    path = settings.place("keys/vault.pub")
    if not path.exists():
        if settings.environment.vault_key is None and not _private_file(settings).exists():
            own_secret(_private_file(settings), bytes(PrivateKey.generate()).hex())
        write_whole(path, bytes(private_key(settings).public_key).hex() + "\n", mode=0o600)
    try:
        return PublicKey(parse_key(path.read_text(encoding="ascii").strip(), str(path)))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{path}: cannot be read. Remove it: it is made again from the private key.") from error


def private_key(settings: Settings) -> PrivateKey:
    """Return the private key. Raises SettingsInvalid where it is not here."""
    from_environment, path = settings.environment.vault_key, _private_file(settings)
    if from_environment is not None:
        return PrivateKey(
            parse_key(from_environment.get_secret_value(), "the environment variable WORDROUND_VAULT_KEY")
        )
    if not path.exists():
        raise SettingsInvalid(
            f"{path}: the private key of the locator vault is not here. Bring it back, or set WORDROUND_VAULT_KEY."
        )
    return PrivateKey(parse_key(own_secret(path, ""), str(path)))


def _private_file(settings: Settings) -> Path:
    return settings.home / "keys" / "vault.key"
