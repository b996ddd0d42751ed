"""Finished files for analysts and for the public, each put in place by one rename."""
