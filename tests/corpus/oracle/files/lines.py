"""A file to show."""


def first() -> int:
    # start
    return 1
    # end


def second() -> int:
    return 2
