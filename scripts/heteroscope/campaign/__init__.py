"""The configuration becomes a campaign: its runs, and their logs on disk."""
