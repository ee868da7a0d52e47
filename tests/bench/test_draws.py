"""The command that looks at draws: it believes chance, and sees what is not chance."""

from __future__ import annotations

import pytest

from bench import draws


@pytest.mark.trust("QZ-02")
@pytest.mark.trust("QZ-15")
def test_chance_explains_what_is_drawn() -> None:
    """The secret is fixed."""
    found = list(draws.findings(b"some secret", 2000))
    assert len(found) == 5
    assert all(draws.p_of(told, degrees) > draws.LEAST for _what, told, degrees in found)


def test_what_is_not_chance_is_seen() -> None:
    told = draws.chi_square({0: 600, 1: 400}, {0: 500, 1: 500})
    assert draws.p_of(told, 1) < draws.LEAST


@pytest.mark.parametrize(("statistic", "degrees", "p"), [(3.84, 1, 0.05), (21.67, 9, 0.01), (4.0, 4, 0.406)])
def test_the_p_of_a_chi_square(statistic: float, degrees: int, p: float) -> None:
    assert draws.p_of(statistic, degrees) == pytest.approx(p, abs=0.005)
