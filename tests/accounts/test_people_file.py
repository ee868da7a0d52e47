"""Any CSV that a spreadsheet writes is read; what is none is told with its line."""

from __future__ import annotations

import pytest

from accounts.people_file import MAX_BYTES, MAX_ROWS, Answer, Outcome, Row, read_people

HEADER = "e-mail,name,organisation,group,role"
ADA = Row(2, "ada@acme.test", "Ada Löwe", "Acme", "North", "manager")


@pytest.mark.parametrize(
    "data",
    [
        f"{HEADER}\nada@acme.test,Ada Löwe,Acme,North,manager\n".encode(),
        f"\ufeff{HEADER}\r\nada@acme.test,Ada Löwe,Acme,North,manager\r\n".encode(),
        f"{HEADER.replace(',', ';')}\nada@acme.test;Ada Löwe;Acme;North;manager".encode(),
        f"{HEADER}\nada@acme.test,Ada Löwe,Acme,North,manager".replace(",", "\t").encode(),
        f"{HEADER}\rada@acme.test,Ada Löwe,Acme,North,manager\r".encode(),
        "Role,Organization,EMAIL,Name,Group\nManager,Acme,ADA@acme.test,Ada Löwe,North\n".encode(),
        f"{HEADER},,\nada@acme.test,Ada Löwe,Acme,North,manager,,\n".encode(),
        f'{HEADER}\n" ada@acme.test ","Ada\u00a0 Löwe",  Acme,"North",manager\n'.encode(),
        f"{HEADER}\nada@acme.test,Ada Löwe,Acme,North,manager\n,,,,\n\n \n".encode(),
    ],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    assert read_people(data) == [ADA]


def test_group_and_role_may_be_left_out() -> None:
    assert read_people(b"name,e-mail,organisation\nAda,ada@acme.test,Acme\n") == [
        Row(2, "ada@acme.test", "Ada", "Acme")
    ]
    assert read_people(f"{HEADER}\nada@acme.test,Ada,Acme\n".encode()) == [
        Row(2, "ada@acme.test", "Ada", "Acme")
    ]


def test_lines_are_counted_as_an_editor_does() -> None:
    data = f'\n{HEADER}\n\nada@acme.test,"Ada\nLöwe",Acme\nbob@acme.test,Bob,Acme\n'.encode()
    assert [(row.line, row.email) for row in read_people(data)] == [
        (4, "ada@acme.test"),
        (6, "bob@acme.test"),
    ]
    assert isinstance(first := read_people(data)[0], Row)
    assert first.name == "Ada Löwe"


@pytest.mark.parametrize(
    ("data", "line", "text", "remedy"),
    [
        (b"", 1, "empty", HEADER),
        (b"\xef\xbb\xbf\n\n ,\n", 1, "empty", HEADER),
        (f"{HEADER}\nada@acme.test,Ada L".encode() + b"\xf6we,Acme\n", 2, "not UTF-8", "CSV UTF-8"),
        ("e-mail,name\n".encode("utf-16"), 1, "not UTF-8", "CSV UTF-8"),
        (b"x" * (MAX_BYTES + 1), 1, "larger", "Split"),
        (b"e-mail,name,organisation,gruop\n", 1, "“gruop”", "“group”"),
        (b"e-mail,name,organisation,shoe size\n", 1, "“shoe size”", HEADER),
        (b"e-mail,name,organisation,email\n", 1, "“e-mail” stands there twice", "Remove"),
        (b"e-mail,name,group\n", 1, "lacks the column “organisation”", HEADER),
        (b"ada@acme.test,Ada,Acme\n", 1, "“ada@acme.test”", HEADER),
        (b"e-mail,,name,organisation\n", 1, "“”", HEADER),
        (
            f'{HEADER}\na@acme.test,A,Acme\nb@acme.test,"B,Acme\nc@acme.test,C,Acme\n'.encode(),
            3,
            "quotation mark",
            "Close it",
        ),
        (f'{HEADER}\na@acme.test,"A"dam,Acme\n'.encode(), 2, "quotation mark", "Close it"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_answer(data: bytes, line: int, text: str, remedy: str) -> None:
    [answer] = read_people(data)
    assert isinstance(answer, Answer)
    assert (answer.line, answer.outcome) == (line, Outcome.PROBLEM)
    assert text in answer.text
    assert remedy in answer.remedy


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("ada@acme.test,Löwe, Ada,Acme,North,manager", "6 values stand under 5 columns"),
        ("ada@acme.test,A\x00da,Acme", "control character"),
        ("ada@acme.test,A\x1b[31mda,Acme", "control character"),
    ],
)
def test_a_line_that_is_none_is_told_and_the_others_are_read(line: str, text: str) -> None:
    first, second = read_people(f"{HEADER}\n{line}\nbob@acme.test,Bob,Acme\n".encode())
    assert isinstance(first, Answer)
    assert (first.line, first.outcome) == (2, Outcome.PROBLEM)
    assert text in first.text
    assert second == Row(3, "bob@acme.test", "Bob", "Acme")


def test_so_many_people_and_no_more() -> None:
    lines = [f"p{number}@acme.test,P,Acme" for number in range(MAX_ROWS + 1)]
    assert len(read_people("\n".join([HEADER, *lines[:-1]]).encode())) == MAX_ROWS
    [answer] = read_people("\n".join([HEADER, *lines]).encode())
    assert isinstance(answer, Answer)
    assert "more than 1000" in answer.text
