"""What counted first answers say of a question: its figures, its options, and its flags."""

from collections import Counter
from collections.abc import Mapping

import pytest

from quizzes.figures import FEWEST, Figures, Flag, Tally, figures, reliability
from quizzes.spec import Question
from tests.quizzes.kinds.lines import asked
from tests.quizzes.reading import read

SINGLE = "Which?\n\n- [x] right\n- [ ] wrong\n- [ ] also wrong\n\nBecause."
MULTIPLE = "Which?\n\n- [x] one\n- [x] two\n- [ ] three\n- [ ] four\n\nBecause."


def question(body: str, *options: str) -> Question:
    return read(asked(body, *options)).question


def told(question: Question, answers: Mapping[tuple[str, float], int]) -> Figures | None:
    """The figures where so many people chose an option ("A B", "" for a blank) and have that rest."""
    letters = dict(zip("ABCDEF", (choice.key for choice in question.choices), strict=False))
    tally = Tally()
    for (chosen, rest), n in answers.items():
        keys = [letters[letter] for letter in chosen.split()]
        share = float(all(choice.right == (choice.key in keys) for choice in question.choices))
        tally.answers[repr(keys).replace("'", '"'), share, rest] += n
    return figures(question, tally)


def flags(question: Question, answers: Mapping[tuple[str, float], int]) -> tuple[Flag, ...]:
    found = told(question, answers)
    assert found
    return found.flags


def test_nothing_is_told_of_fewer_than_ten_answers() -> None:
    assert told(question(SINGLE), {("A", 1.0): FEWEST - 1}) is None
    assert told(question(SINGLE), {("A", 1.0): FEWEST}) is not None


def test_nothing_is_sure_of_fewer_than_thirty() -> None:
    for people, sure in ((29, False), (30, True)):
        found = told(question(SINGLE), {("A", 1.0): people})
        assert found
        assert found.sure == sure


def test_shares_of_the_options() -> None:
    found = told(question(SINGLE), {("A", 1.0): 10, ("B", 0.5): 6, ("C", 0.25): 2, ("", 0.0): 2})
    assert found
    assert found.blank == 0.1
    assert [(o.letter, o.right, o.share) for o in found.options] == [
        ("A", True, 0.5),
        ("B", False, 0.3),
        ("C", False, 0.1),
    ]
    assert [option.best for option in found.options] == [1, 0, 0], "5.4 of those with 1.0"


def test_of_several_options_each_counts() -> None:
    found = told(question(MULTIPLE), {("A B", 0.5): 10, ("A", 0.5): 10})
    assert found
    assert [option.share for option in found.options] == [1, 0.5, 0, 0]


def test_the_best_choose_another_option_than_the_key() -> None:
    wrong_key = {("B", 0.9): 8, ("A", 0.9): 2, ("A", 0.1): 20, ("C", 0.1): 4}
    found = flags(question(SINGLE), wrong_key)
    assert found[:2] == (Flag("key", "B"), Flag("backwards"))


def test_an_option_that_nobody_picks() -> None:
    found = flags(question(SINGLE), {("A", 0.9): 20, ("B", 0.2): 20})
    assert found == (Flag("dead", "C", none=True),)
    found = flags(question(SINGLE), {("A", 0.9): 20, ("B", 0.2): 20, ("C", 0.2): 2})
    assert found == (Flag("dead", "C"),)


def test_of_true_and_false_none_is_a_distractor() -> None:
    true = question("So?\n\n- [x] True\n- [ ] False\n\nBecause.")
    assert flags(true, {("A", 0.9): 20}) == (Flag("trivial"),)


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({("A", 0.9): 4, ("B", 0.2): 8, ("C", 0.2): 8}, "guessed"),
        ({("A", 0.9): 20, ("B", 0.2): 1}, "trivial"),
        ({("A", 0.9): 10, ("A", 0.2): 10, ("B", 0.2): 6, ("B", 0.9): 6, ("C", 0.2): 2}, "weak"),
    ],
)
def test_what_is_striking(answers: Mapping[tuple[str, float], int], fault: str) -> None:
    assert fault in [flag.fault for flag in flags(question(SINGLE), answers)]


def test_what_is_hard_but_not_guessed() -> None:
    text = question("Who?\n\n- [x] me\n\nBecause.", ":type: text")
    tally = Tally(answers=Counter({('["', 1.0, 0.9): 2, ('["', 0.0, 0.2): 18}))
    found = figures(text, tally)
    assert found
    assert found.flags == (Flag("hard"),)
    assert found.options == (), "what is typed is not counted one by one"


def test_places_say_how_many_filled_them_rightly() -> None:
    match = question("Match.\n\n- a => 1\n- b => 2\n\nBecause.")
    a, b = match.slots
    both = f'["{a.key}:{a.right}", "{b.key}:{b.right}"]'
    half = f'["{a.key}:{a.right}", "{b.key}:{a.right}"]'
    found = figures(match, Tally(answers=Counter({(both, 1.0, 0.5): 6, (half, 0.5, 0.5): 6})))
    assert found
    assert found.graded
    assert [(o.letter, o.right, o.share) for o in found.options] == [("1", None, 1), ("2", None, 0.5)]
    assert (found.graded.facility, found.graded.guess) == (0.75, 0.5)


def test_a_poll_has_shares_and_nothing_else() -> None:
    poll = question("How?\n\n- [ ] well\n- [ ] badly", ":type: poll")
    key = poll.choices[0].key
    found = figures(poll, Tally(answers=Counter({(f'["{key}"]', 0.0, None): 12})))
    assert found
    assert found.graded is None
    assert found.flags == ()
    assert [(o.letter, o.right, o.share, o.best) for o in found.options] == [
        ("A", None, 1, None),
        ("B", None, 0, None),
    ]


def test_who_answered_nothing_else_is_not_compared() -> None:
    single = question(SINGLE)
    key = single.choices[0].key
    tally = Tally(answers=Counter({(f'["{key}"]', 1.0, None): 20, (f'["{key}"]', 1.0, 0.5): 3}))
    found = figures(single, tally)
    assert found
    assert found.graded
    assert found.graded.facility == 1
    assert found.graded.discrimination is None
    assert found.graded.d27 is None


def test_reliability_of_the_ladder() -> None:
    # The four people of test_statistics, ten of each.
    ladder = [(1, 1, 1), (1, 1, 0), (1, 0, 0), (0, 0, 0)]
    tallies = {
        n: Tally(totals=Counter({(float(row[n]), float(sum(row))): 0 for row in ladder})) for n in range(3)
    }
    for n, tally in tallies.items():
        for row in ladder:
            tally.totals[float(row[n]), float(sum(row))] += 10
    found = reliability(tallies)
    assert found
    assert found.people == 40
    assert found.alpha == pytest.approx(0.75)
    assert found.weights[1] == pytest.approx(max(w for w in found.weights.values() if w))


def test_no_reliability_of_too_few_or_of_one_question() -> None:
    few = Tally(totals=Counter({(1.0, 2.0): 4, (0.0, 0.0): 4}))
    assert reliability({1: few, 2: few}) is None
    many = Tally(totals=Counter({(1.0, 1.0): 20, (0.0, 0.0): 20}))
    assert reliability({1: many}) is None
    assert reliability({}) is None
