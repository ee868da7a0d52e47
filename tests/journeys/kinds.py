"""A question of each kind, with an answer that is wrong and one that is right, as its form sends them."""

from __future__ import annotations

from dataclasses import dataclass, field

WHY = "expla1n"


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
}
