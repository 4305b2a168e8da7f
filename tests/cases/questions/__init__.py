"""What can be asked of each mechanism."""

from questions import labour, money, pupils, schools

__all__ = ["labour", "money", "pupils", "schools"]
