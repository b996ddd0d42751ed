"""Conversations: live hours, hashtags and campaigns, as the settings or people declare them."""
