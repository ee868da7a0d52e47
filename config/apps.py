from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The frame of the site; an app so that its start-up checks are run."""

    name = "config"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401
