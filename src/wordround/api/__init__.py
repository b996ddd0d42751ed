"""For other programs: the web page's figures by a key, and understanding as a service."""
