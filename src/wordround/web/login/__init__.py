"""Logging in: at the trust's provider of identities, by a proxy that has done so, or not at all on an own machine."""

from wordround.settings import Settings
from wordround.web.login.contract import Login


def login_of(settings: Settings) -> Login:
    """How people log in by the settings. Raises SettingsInvalid where a secret is missing."""
    if settings.web.login == "oidc":
        from wordround.web.login.oidc import OidcLogin

        return OidcLogin(settings)
    if settings.web.login == "proxy":
        from wordround.web.login.proxy import ProxyLogin

        return ProxyLogin(settings)
    from wordround.web.login.off import NoLogin

    return NoLogin(settings)
