"""What tests of the review loop share: libraries in git, runs made by hand, and a host of pull requests."""
