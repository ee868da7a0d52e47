"""`match`, `categorize` and `order`: what belongs where, what each of it is worth, and what gives nothing away."""

from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import choice_order, grade, part_order
from quizzes.kinds.table import KINDS
from quizzes.spec import Question, Rule
from tests.quizzes.kinds.lines import asked, assert_problems
from tests.quizzes.reading import read

MATCH = """
Match each need with its dimension.

- A bank => Vertical
  > Banks are an industry.
- A **customer** portal => *Solution* needs {#needs}
- 40 countries => Complexity
- An insurer => vertical
- => Budget
  > No dimension.
- `a => b` \\=> c => Code

“Budget” is not one of the five dimensions.
"""
SORT = """
Sort the signals.

- **Strength**
  > Good.
  - Several audiences
  - Many back-end systems
- **Red flag**
  - One brochure site
- Neither

Complexity pays off.
"""
ORDER = """
In which order?

1. Ask
2. Listen
   > First you ask.
3. Think
4. Write

So.
"""


def question(body: str, *options: str) -> Question:
    return read(asked(body, *options)).question


def test_pairs() -> None:
    asks = question(MATCH)
    assert asks.type == "match"
    assert [choice.html for choice in asks.choices] == [
        "Vertical",
        "<em>Solution</em> needs",
        "Complexity",
        "Budget",
        "Code",
    ]
    assert asks.choices[1].key == "needs"
    assert asks.choices[3].feedback_html.strip() == "<p>No dimension.</p>"
    lefts = [slot.html for slot in asks.slots]
    assert lefts == [
        "A bank",
        "A <strong>customer</strong> portal",
        "40 countries",
        "An insurer",
        "<code>a =&gt; b</code> =&gt; c",
    ]
    assert asks.slots[0].right == asks.slots[3].right == asks.choices[0].key
    assert asks.slots[0].feedback_html.strip() == "<p>Banks are an industry.</p>"
    options = KINDS["match"].parts(asks, [])[0].options
    assert options[1] == ("needs", "Solution needs")  # a list of choices holds plain text


def test_categories() -> None:
    asks = question(SORT)
    assert asks.type == "categorize"
    assert [choice.html for choice in asks.choices] == [
        "<strong>Strength</strong>",
        "<strong>Red flag</strong>",
        "Neither",
    ]
    assert asks.choices[0].feedback_html.strip() == "<p>Good.</p>"
    rights = {choice.key: choice.html for choice in asks.choices}
    assert [(slot.html, rights[slot.right]) for slot in asks.slots] == [
        ("Several audiences", "<strong>Strength</strong>"),
        ("Many back-end systems", "<strong>Strength</strong>"),
        ("One brochure site", "<strong>Red flag</strong>"),
    ]


def test_steps() -> None:
    asks = question(ORDER)
    assert asks.type == "order"
    assert [choice.html for choice in asks.choices] == ["Ask", "Listen", "Think", "Write"]
    assert asks.choices[1].feedback_html.strip() == "<p>First you ask.</p>"


def test_the_type_may_be_written_and_looks_no_further() -> None:
    both = MATCH + "\n1. One\n2. Two\n3. Three\n"
    assert question(both).type == "match"
    assert question(both, ":type: order").type == "order"


@pytest.mark.parametrize(
    ("scoring", "shares"), [("partial", ["0", "1/3", "2/3", "1"]), ("all", ["0", "0", "0", "1"])]
)
def test_each_item_is_worth_the_same_and_nothing_is_taken(scoring: str, shares: list[str]) -> None:
    asks = question(SORT, f":scoring: {scoring}")
    wrong = [f"{slot.key}:{asks.choices[2].key}" for slot in asks.slots]
    right = KINDS["categorize"].solution(asks)
    for number, share in enumerate(shares):
        found = grade(asks, right[:number] + wrong[number:])
        assert found.share == Fraction(share)
        assert grade(asks, right[:number]).share == Fraction(share)  # the rest left empty
        assert (found.right_chosen, found.wrong_chosen, found.right_total) == (number, 3 - number, 3)
        assert found.state == ("right" if share == "1" else "partly" if share != "0" else "wrong")


ORDERS = [
    # the learner's order of steps 1 to 4, share
    ("1234", 1),
    ("2341", "2/3"),
    ("1243", "1/3"),
    ("1324", 0),
    ("4321", 0),
    ("3412", "2/3"),
]


@pytest.mark.parametrize(("order", "share"), ORDERS)
def test_neighbours_that_follow_each_other_count(order: str, share: int | str) -> None:
    asks = question(ORDER)
    answer = [f"{asks.choices[int(step) - 1].key}:{place}" for place, step in enumerate(order, start=1)]
    assert grade(asks, answer).share == Fraction(share)
    alls = question(ORDER, ":scoring: all")
    assert grade(alls, answer).share == (order == "1234")


def test_only_the_right_order_is_a_full_share() -> None:
    asks = question(ORDER)
    keys = [choice.key for choice in asks.choices]
    full = [
        p
        for p in permutations("1234")
        if grade(asks, [f"{k}:{n}" for k, n in zip(keys, p, strict=True)]).share == 1
    ]
    assert full == [("1", "2", "3", "4")]


def test_a_place_given_twice_is_no_order_yet() -> None:
    asks = question(ORDER)
    assert grade(asks, [f"{asks.choices[0].key}:1", f"{asks.choices[1].key}:1"]).state == "unreadable"


@pytest.mark.parametrize("body", [MATCH, SORT, ORDER])
def test_what_is_right_is_a_full_share_and_nothing_is_blank(body: str) -> None:
    asks = question(body)
    kind = KINDS[asks.type]
    right = kind.solution(asks)
    assert kind.put(asks, right[::-1]) == right
    assert grade(asks, right).state == "right"
    assert grade(asks, []).state == "blank"
    assert {part.mark for part in kind.parts(asks, right)} == {"right"}
    for sent in (["x:y"], ["deadbeef"], [right[0], right[0].rpartition(":")[0] + ":x"], [":"]):
        with pytest.raises(ValueError):
            kind.put(asks, sent)


@given(st.sampled_from([MATCH, SORT, ORDER]), st.data())
def test_every_answer_has_a_grade_and_its_order_does_not_matter(body: str, data: st.DataObject) -> None:
    asks = question(body)
    kind = KINDS[asks.type]
    parts = [part for part in kind.parts(asks, []) if part.options]
    given = {
        part.key: data.draw(st.sampled_from(["", *(key for key, _text in part.options)])) for part in parts
    }
    answer = [f"{key}:{thing}" for key, thing in given.items() if thing]
    found = grade(asks, data.draw(st.permutations(answer)))
    assert found == grade(asks, answer)
    assert 0 <= found.share <= 1
    if found.state != "unreadable":
        assert (found.state == "right") == (found.share == 1)
        assert (found.state == "blank") == (not answer)


@pytest.mark.trust("QZ-02")
@pytest.mark.parametrize("body", [SORT, ORDER])
def test_items_are_shuffled_whatever_the_author_says(body: str) -> None:
    asks = question(body, ":shuffle: no")
    orders = Counter(tuple(part_order(asks, Rule(shuffle="none"), b"%d" % n)) for n in range(600))
    items = len(asks.slots or asks.choices)
    assert len(orders) == {3: 6, 4: 24}[items]


def test_what_can_be_put_is_shuffled_for_pairs_and_not_for_categories() -> None:
    pairs, groups = question(MATCH), question(SORT)
    assert len({tuple(choice_order(pairs, Rule(), b"%d" % n)) for n in range(50)}) > 10
    assert len({tuple(part_order(pairs, Rule(), b"%d" % n)) for n in range(50)}) == 1
    assert len({tuple(choice_order(groups, Rule(), b"%d" % n)) for n in range(50)}) == 1


PAGES = {
    "good pairs": asked(MATCH),
    "good categories": asked(SORT),
    "a good order": asked(ORDER),
    "E216 nothing behind the arrow": asked("So?\n\n- a => b\n- b => ⟵ E216\n- c ⟵ E216\n- d => e\n\nSo."),
    "E217 one pair": asked("So?\n\n- a => b ⟵ E217\n- => c\n\nSo."),
    "E215 the same left side": asked("So?\n\n- a => b\n- A => c ⟵ E215\n\nSo."),
    "E215 a distractor that is none": asked("So?\n\n- a => b\n- c => d\n- => B ⟵ E215\n\nSo."),
    "E218 one category": asked("So?\n\n- a ⟵ E218\n  - b\n\nSo."),
    "E215 the same items": asked("So?\n\n- a\n  - b\n- c\n  - B ⟵ E215\n- C ⟵ E215\n\nSo."),
    "E213 an empty item": asked("So?\n\n- a\n  - b\n  - ⟵ E213\n- c\n  - d\n\nSo."),
    "E213 an empty step": asked("So?\n\n1. a\n2. ⟵ E213\n3. c\n\nSo."),
    "E212 one step": asked("So?\n\n1. a ⟵ E212\n\nSo."),
    "E215 the same steps": asked("So?\n\n1. a\n2. b\n3. A. ⟵ E215\n\nSo."),
    "W508 two steps": asked("So?\n\n1. a ⟵ W508\n2. b\n\nSo."),
    "E206 two lists of pairs": asked("So?\n\n- a => b\n- c => d\n\nAnd:\n\n- a => b\n- c => d").replace(
        "tion}", "tion} ⟵ E206"
    ),
    "E205 no pairs": asked("So?\n\n- a\n- b\n\nSo.", ":type: match").replace("tion}", "tion} ⟵ E205"),
    "E205 no steps": asked("So?\n\n- a\n- b\n\nSo.", ":type: order").replace("tion}", "tion} ⟵ E205"),
    "E208 boxes": asked("So?\n\n1. [x] a ⟵ E208\n2. [ ] b\n3. [ ] c\n\nSo.", ":type: order"),
    "E220 ripkey": asked(ORDER, ":scoring: ripkey ⟵ E220"),
    "E222 a mark": asked("So?\n\n- a => b {best} ⟵ E222\n- c => d\n\nSo."),
    "W509 no explanation": asked("So?\n\n- a => b\n- c => d").replace("tion}", "tion} ⟵ W509"),
}


@pytest.mark.parametrize("name", PAGES)
def test_problems(name: str) -> None:
    assert_problems(PAGES[name])
