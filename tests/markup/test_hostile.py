"""Pages made to take long are drawn or refused like any other; `python -m bench.hostile` says how long."""

from __future__ import annotations

import pytest

from bench.hostile import KINDS
from markup import myst
from markup.problems import Problems
from tests.markup.links import Links
from tests.markup.oracle import faults


@pytest.mark.trust("MD-15")
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_such_a_page_is_drawn_safely_or_refused(make) -> None:
    problems = Problems()
    page = myst.parse("# T\n\n" + make(3_000), file="page.md", problems=problems)
    html = myst.render(page, Links(), problems).html
    assert list(faults(html)) == []
