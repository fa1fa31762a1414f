"""How a plan reaches its reviewers: branches, pull requests, and what they answer."""
