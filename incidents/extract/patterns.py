"""Small helps for writing regular expressions that stay readable."""


def one_of(*patterns: str) -> str:
    """Any of the patterns, as a group that captures nothing."""
    return f"(?:{'|'.join(patterns)})"
