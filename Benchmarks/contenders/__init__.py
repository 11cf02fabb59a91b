"""The programs that are timed, one module each, and what they share."""
