"""Charts as inline SVG: of what is published, and already fit to be shown."""
