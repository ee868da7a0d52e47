"""No text becomes a formula, whatever a spreadsheet takes for a separator."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.team_csv import safe

TRIGGERS = "=+-@＝＋－＠"


@pytest.mark.trust("EX-01")
@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize(
    "before", ["", " ", "  ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}", "\t", "\r", "\n", "\x00"]
)
def test_a_formula_is_text(before, trigger):
    assert safe(f"{before}{trigger}1+1").startswith("'")


@pytest.mark.trust("EX-01")
@pytest.mark.parametrize("separator", [";", ",", "\t", '"', "\n", "\r\n", "|"])
def test_a_formula_behind_a_separator_is_text(separator):
    assert safe(f"Anna{separator}=1+1") == f"Anna{separator}'=1+1"


@pytest.mark.parametrize("first", ["\t", "\r", "\n"])
def test_a_cell_never_starts_with_a_tab_or_a_line_break(first):
    assert safe(f"{first}Anna") == f"'{first}Anna"


@pytest.mark.parametrize(
    "text",
    ["", "Anna", "anna-maria@team.test", "O'Neill", "1 + 1 = 2", "A, B; C", "Jean-Luc", '"Ann"', "漢字"],
)
def test_ordinary_text_is_left_alone(text):
    assert safe(text) == text


@pytest.mark.trust("EX-01")
@given(st.text(alphabet=TRIGGERS + " \t\r\n;,|\"'aZ1", max_size=12))
def test_no_cell_by_any_separator_begins_with_a_formula(text):
    for cell in re.split(r"""[;,|"\t\r\n]""", safe(text)):
        assert cell.strip()[:1] not in {*TRIGGERS} or not cell.strip()
    assert safe(text).replace("'", "") == text.replace("'", "")
