"""Tokens, and what is kept of them."""

import hashlib
import hmac


class Keyring:
    """Makes tokens and knows them again, keeping only what a thief of the database can't use."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def fingerprint(self, token: str) -> str:
        """Give what is kept of a token."""
        return hmac.new(self._secret, token.encode(errors="replace"), hashlib.sha256).hexdigest()

    def derived(self, purpose: str) -> str:
        """Give a secret that every process derives alike."""
        return self.fingerprint(f"derived for {purpose}")
