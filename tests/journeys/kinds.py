"""A question of each kind, with an answer that is wrong and one that is right, as its form sends them."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizzes.text import short_hash

WHY = "expla1n"


def _rows(**given: str) -> dict[str, str]:
    """What the lists of a question send: where what was put, by the words of both."""
    return {f"answer-asked.{short_hash(place)}": short_hash(thing) for place, thing in given.items()}


def _steps(**given: str) -> dict[str, str]:
    return {f"answer-asked.{short_hash(step)}": number for step, number in given.items()}


@dataclass(frozen=True)
class Asked:
    """A question with the id `asked`.

    `wrong` and `right` are what a form sends; `told` is what a miss may say of itself, and `secrets` what
    nobody may read before it is due.
    """

    source: str
    wrong: dict[str, str]
    right: dict[str, str]
    told: str
    secrets: tuple[str, ...]
    verdict: str = "Not this one"
    blank: dict[str, str] = field(default_factory=lambda: {"answer-asked": ""})


def _written(body: str, *options: str) -> str:
    return "\n".join([":::{question}", ":id: asked", *options, "", body.strip(), "", WHY, "", ":::", ""])


KINDS = {
    "text": Asked(
        _written(
            """
What does **ICP** stand for?

- [x] Ideal Customer Pr0file
- [x] Ideal Client Pr0file
- [ ] Internal Plan
  > It is no plan.
- [ ] External Plan
  > f33dback
""",
            ":type: text",
            ":typos: 1",
        ),
        wrong={"answer-asked": "internal plan!"},
        right={"answer-asked": "Ideal Custmer Pr0file"},
        told="It is no plan.",
        secrets=("Customer Pr0file", "Client Pr0file", "External Plan", "f33dback"),
    ),
    "number": Asked(
        _written(
            """
How many weeks does an RFP take?

- [x] 77.25 +- 0.75
- [ ] 7
  > These are months.
- [ ] 70..71
  > f33dback
""",
            ":type: number",
            ":unit: weeks",
        ),
        wrong={"answer-asked": "7 weeks"},
        right={"answer-asked": "78"},
        told="These are months.",
        secrets=("77.25", "70–71", "f33dback"),
    ),
    "match": Asked(
        _written(
            """
Match each need with its dimension.

- Bank => Vertical
  > f33dback
- Portal => Needs
- => Budget
  > No dimension at all.
"""
        ),
        wrong=_rows(Bank="Budget", Portal="Vertical"),
        right=_rows(Bank="Vertical", Portal="Needs"),
        told="No dimension at all.",
        secrets=("Bank → Vertical", "Portal → Needs", "f33dback"),
        verdict="0 of 2 are right",
    ),
    "categorize": Asked(
        _written(
            """
Sort the signals.

- Strength
  > Look again.
  - Audiences
    > f33dback
- Warning
  - Brochure
"""
        ),
        wrong=_rows(Audiences="Warning", Brochure="Strength"),
        right=_rows(Audiences="Strength", Brochure="Warning"),
        told="Look again.",
        secrets=("Audiences → Strength", "Brochure → Warning", "f33dback"),
        verdict="0 of 2 are right",
    ),
    "order": Asked(
        _written(
            """
In which order?

1. Ask
   > Always begin so.
2. Listen
3. Write
"""
        ),
        wrong=_steps(Ask="3", Listen="2", Write="1"),
        right=_steps(Ask="1", Listen="2", Write="3"),
        told="Always begin so.",
        secrets=("1. Ask", "3. Write"),
        verdict="0 of 2 neighbours are right",
    ),
    "blanks": Asked(
        _written("The [[b1rd|f0wl]] is [[bad|(good)|worse]] at [[#77.25 +- 0.5]] km/h."),
        wrong={"answer-asked.1": "fish", "answer-asked.2": short_hash("`bad`"), "answer-asked.3": "7"},
        right={"answer-asked.1": "F0wl", "answer-asked.2": short_hash("`good`"), "answer-asked.3": "77,5"},
        told="fish",
        secrets=("b1rd", "f0wl", "77.25", "2: good"),
        verdict="0 of 3 are right",
    ),
}
OPEN = _written("Why?\n\n[[...]]")
POLL = _written("How sure?\n\n- [ ] Not at all\n- [ ] Very {#very}\n  > Good for you.", ":type: poll")
