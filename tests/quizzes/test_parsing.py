"""From text to checks: what a question says, which quiz owns it, what it is called."""

import hashlib
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.options import fault
from quizzes.spec import Rule
from quizzes.text import normalised, short_hash
from tests.quizzes.reading import read, read_question
from tests.steps import grows_evenly

WHOLE = """# Where Liferay Shines

## Selling vs. Walking Away

…section text…

:::{quiz} Check: selling or walking away
:id: icp-walk-away
:pass: 75%

Four *short* questions.

:::

:::{question} Cost of finishing second
:id: cost-of-second
:see: selling-vs-walking-away
:hint: Think about the hours spent on the bid, not only about the price.

What does it cost to finish second in a major contract?

- [ ] Nothing, because no contract was signed
  > The bid team was paid all the same.
- [x] As much as winning it
  > Right, and there is no reward at the end.
- [ ] Only the travel expenses

Pursuing a major contract is expensive whether you win or not.

:::
"""


def test_the_example_of_the_format() -> None:
    page = read(WHOLE)
    assert page.problems == ()
    (check,) = page.checks
    assert (check.key, check.title, check.line) == ("icp-walk-away", "Check: selling or walking away", 7)
    assert check.intro_html.strip() == "<p>Four <em>short</em> questions.</p>"
    assert check.rule == Rule(pass_share=Fraction(3, 4))
    question = page.question
    assert (question.key, question.name, question.type) == (
        "cost-of-second",
        "Cost of finishing second",
        "single",
    )
    assert question.stem_html.strip() == "<p>What does it cost to finish second in a major contract?</p>"
    assert [(choice.html, choice.right) for choice in question.choices] == [
        ("Nothing, because no contract was signed", False),
        ("As much as winning it", True),
        ("Only the travel expenses", False),
    ]
    assert [choice.feedback_html.strip() for choice in question.choices] == [
        "<p>The bid team was paid all the same.</p>",
        "<p>Right, and there is no reward at the end.</p>",
        "",
    ]
    assert "expensive whether you win" in question.explanation_html
    assert question.hints == ("Think about the hours spent on the bid, not only about the price.",)
    assert (question.see, question.line, question.file) == ("selling-vs-walking-away", 15, "icp.md")
    assert question.points == 1
    assert question.scoring == "partial"
    assert question.shuffle is None


def test_the_second_example_of_the_format() -> None:
    question = read_question(
        """
What should the team do first?

- [ ] Write the proposal at once
  > Expensive, and the RFP may be wired.
- [x] Ask for a conversation first
- [ ] Decline without contact {50%}
  > Defensible, but you have not asked.

See [walking away](./icp.md#selling-vs-walking-away).
""",
        ":difficulty: hard",
        ":points: 2.5",
        ":tags: bid, qualification ,",
        ":hint2: Second.",
        ":hint: *First*.",
        ":shuffle: no",
    ).question
    assert [choice.weight for choice in question.choices] == [None, None, Fraction(1, 2)]
    assert (question.difficulty, question.points, question.tags) == (
        "hard",
        Fraction(5, 2),
        ("bid", "qualification"),
    )
    assert question.hints == ("<em>First</em>.", "Second.")
    assert question.shuffle is False
    assert "/icp.md#selling-vs-walking-away" in question.explanation_html


def test_a_passage_may_be_the_title() -> None:
    page = read(WHOLE.replace(":see: selling-vs-walking-away", ":see: where-liferay-shines"))
    assert page.problems == ()
    assert page.question.see == "where-liferay-shines"


def test_a_backtick_fence_is_the_same_question() -> None:
    colons = read(WHOLE).question
    ticks = read(WHOLE.replace(":::", "```")).question
    assert ticks == colons


def test_windows_line_ends_change_nothing() -> None:
    assert read(WHOLE.replace("\n", "\r\n")).checks == read(WHOLE).checks


@pytest.mark.parametrize(
    ("answers", "type_"),
    [
        ("- [x] A\n- [ ] B", "single"),
        ("- [X] A\n- [ ] B", "single"),
        ("* [x] A\n* [x] B\n* [ ] C", "multiple"),
        ("+ [ ] True\n+ [x] False", "truefalse"),
        ("- [x] **Yes**\n- [ ] **No**", "truefalse"),
        ("- [ ] Falsch.\n- [x] Richtig.", "truefalse"),
        ("- [x] はい\n- [ ] いいえ", "truefalse"),
        ("- [x] True\n- [ ] No", "single"),
        ("- [x] True\n- [ ] False\n- [ ] Unknown", "single"),
    ],
)
def test_the_type_follows_from_the_ticks(answers: str, type_: str) -> None:
    assert read_question(f"\nSo?\n\n{answers}\n\nSo.").question.type == type_


def test_the_type_can_be_written() -> None:
    question = read_question(
        "\nWhich?\n\n- [x] A\n- [ ] B\n\nSo.", ":type: multiple", ":scoring: all"
    ).question
    assert (question.type, question.scoring) == ("multiple", "all")
    assert (
        read_question("\nSo?\n\n- [x] Agree\n- [ ] Object\n\nSo.", ":type: truefalse").question.type
        == "truefalse"
    )


def test_lists_and_code_in_the_text_are_text() -> None:
    question = read_question(
        """
Given

- a bank
- a shop

and this:

```
- [x] not an answer
```

Which?

- [x] A
- [ ] B

1. First
2. Second
"""
    ).question
    assert len(question.choices) == 2
    assert "<li>a bank</li>" in question.stem_html
    assert "- [x] not an answer" in question.stem_html
    assert "<li>Second</li>" in question.explanation_html


def test_answers_over_several_lines_and_blocks() -> None:
    first, second, third = read_question(
        """
Which?

- [ ] One that goes on
  in a second line {fixed}
  > Feedback that goes on

  > and on,
  > - with a list

- [x] A command:

  ```sh
  make run
  ```

- [ ] Tabbed
\t> Tabbed feedback
"""
    ).question.choices
    assert (first.html, first.fixed) == ("One that goes on\nin a second line", True)
    assert first.feedback_html.count("<p>") == 2
    assert "<li>with a list</li>" in first.feedback_html
    assert "A command:" in second.html
    assert "make run" in second.html
    assert "```" not in second.html
    assert third.feedback_html.strip() == "<p>Tabbed feedback</p>"


def test_the_question_may_be_indented() -> None:
    indented = "\n".join(f"   {line}" if line else "" for line in WHOLE.split("\n"))
    question = read(indented.replace("   #", "#")).question
    assert [choice.html for choice in question.choices] == [
        choice.html for choice in read(WHOLE).question.choices
    ]


@pytest.mark.parametrize(
    ("written", "html"),
    [
        (r"left \=> right", "left =&gt; right"),
        (r"\[[brackets]]", "[[brackets]]"),
        (r"half \{50%}", "half {50%}"),
        (r"half \{50%\}", "half {50%}"),
        (r"a `[x]` in code", "a <code>[x]</code> in code"),
        (r"\[x] literally", "[x] literally"),
        (r"\:hint: literally", ":hint: literally"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("<script>alert(1)</script>x", "x"),
    ],
)
def test_escapes_in_an_answer(written: str, html: str) -> None:
    page = read_question(f"\nWhich?\n\n- [x] {written}\n- [ ] B\n\nSo.")
    assert page.question.choices[0].html == html


def test_escapes_in_the_text() -> None:
    page = read_question("\n\\:::{question} literally?\n\n\\[x] box\n\n- [x] A\n- [ ] B\n\n\\:hint: So.")
    assert ":::{question} literally?" in page.question.stem_html
    assert "[x] box" in page.question.stem_html
    assert ":hint: So." in page.question.explanation_html
    assert page.problems == ()


def test_marks() -> None:
    choices = read_question(
        """
Which?

- [x] A {#the-a fixed}
- [x] B {100%} {fixed}
- [ ] C {-25%}
- [ ] D{fixed}
"""
    ).question.choices
    assert [(choice.html, choice.fixed, choice.weight) for choice in choices] == [
        ("A", True, None),
        ("B", True, Fraction(1)),
        ("C", False, Fraction(-1, 4)),
        ("D", True, None),
    ]
    assert choices[0].key == "the-a"


# -- keys


def test_the_key_of_an_option_is_its_text() -> None:
    choice = read(WHOLE).question.choices[1]
    assert choice.key == hashlib.sha256(b"as much as winning it").hexdigest()[:8]
    assert read_question("\nWhich?\n\n- [x] A {#the-a}\n- [ ] B\n\nSo.").question.choices[0].key == "the-a"


def test_the_key_of_an_option_knows_nothing_of_tick_place_feedback_or_marks() -> None:
    one = read_question("\nWhich?\n\n- [x] A b\n- [ ] Cd\n\nSo.").question.choices
    two = read_question("\nWhich?\n\n- [x]  cd.\n  > Fb.\n- [ ] a  B {fixed}\n\nSo.").question.choices
    assert {choice.key for choice in one} == {choice.key for choice in two}


def test_the_key_of_a_question_without_an_id_is_its_text() -> None:
    text = WHOLE.replace(":id: cost-of-second\n", "")
    question = read(text).question
    assert question.key == f"q-{short_hash('What does it cost to finish second in a major contract?')}"
    assert read(text.replace("major contract?", "major  Contract?")).question.key == question.key
    assert read(text.replace("second in", "third in")).question.key != question.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ICP", "ＩＣＰ"),
        ("Straße", "STRASSE"),
        ("don’t", "don't"),
        ("co‑sell", "co-sell"),
        ("naïve", "nai\u0308ve"),
        ("ﬁt", "fit"),
        ("soft\u00adhyphen", "softhyphen"),
        ("Two  words\n", "two words."),
        ("“Quoted”", '"quoted"'),
    ],
)
def test_texts_that_read_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++", "C"),
        ("10%", "10"),
        ("А", "A"),
        ("İstanbul", "istanbul"),
        ("naive", "naïve"),
        ("`foo`", "`FOO`"),
        ("`a.`", "`a`"),
        ("?", "!"),
    ],
)
def test_texts_that_do_not_read_the_same(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


# -- who owns what


def question(name: str) -> str:
    return f":::{{question}} {name}\n:id: {name}\n\nIs this {name}?\n\n- [x] This\n- [ ] That\n\nSo.\n\n:::\n"


def quiz(title: str, *options: str) -> str:
    return "\n".join([f":::{{quiz}} {title}", *options, "", ":::", ""])


def owned(*parts: str) -> list[tuple[str, list[str]]]:
    page = read("# Page\n\n" + "\n".join(parts))
    assert not [problem for problem in page.problems if problem.severity == "error"]
    return [(check.key, [question.key for question in check.questions]) for check in page.checks]


def test_questions_without_a_quiz_form_the_check_of_their_page() -> None:
    assert owned("## One", question("q-a"), "### Two", question("q-b")) == [("check", ["q-a", "q-b"])]
    (check,) = read("# Page\n\n" + question("q-a")).checks
    assert (check.title, check.intro_html, check.rule, check.line) == ("", "", Rule(), 3)


def test_a_page_without_questions_has_no_check() -> None:
    assert owned("## One", "Text.") == []


def test_a_quiz_owns_the_questions_up_to_the_next_quiz() -> None:
    parts = (quiz("A", ":id: quiz-a"), question("q-a"), question("q-b"), quiz("B"), question("q-c"))
    assert owned(*parts) == [("quiz-a", ["q-a", "q-b"]), ("check", ["q-c"])]


def test_a_quiz_ends_with_the_part_of_the_page_it_stands_in() -> None:
    parts = ("## One", quiz("A", ":id: quiz-a"), question("q-a"), "### Deeper", question("q-b"))
    assert owned(*parts) == [("quiz-a", ["q-a", "q-b"])]
    assert owned(*parts, "## Two", question("q-c")) == [("quiz-a", ["q-a", "q-b"]), ("check", ["q-c"])]
    assert owned("## Zero", "### One", *parts[1:3], "## Two", question("q-c")) == [
        ("quiz-a", ["q-a"]),
        ("check", ["q-c"]),
    ]


def test_a_quiz_below_the_title_owns_the_whole_page() -> None:
    assert owned(quiz("A"), question("q-a"), "## One", question("q-b")) == [("check", ["q-a", "q-b"])]


def test_questions_before_and_after_a_quiz_are_one_check() -> None:
    parts = (question("q-a"), "## One", quiz("A", ":id: quiz-a"), question("q-b"), "## Two", question("q-c"))
    assert owned(*parts) == [("check", ["q-a", "q-c"]), ("quiz-a", ["q-b"])]


def test_checks_without_an_id_are_numbered_around_those_that_have_one() -> None:
    parts = (
        quiz("A"),
        question("q-a"),
        quiz("B", ":id: check-2"),
        question("q-b"),
        quiz("C"),
        question("q-c"),
    )
    assert [key for key, _ in owned(*parts)] == ["check", "check-2", "check-3"]


def test_the_nested_style() -> None:
    inner = question("q-a") + "\nIn between.\n\n" + question("q-b")
    text = f"# Page\n\n::::{{quiz}} Nested\n:id: quiz-a\n\nFirst.\n\n{inner}\n::::\n"
    page = read(text)
    assert page.problems == ()
    (check,) = page.checks
    assert [question.key for question in check.questions] == ["q-a", "q-b"]
    assert [question.line for question in check.questions] == [8, 22]
    assert "First." in check.intro_html
    assert "In between." in check.intro_html
    assert "This" not in check.intro_html
    equal = read(text.replace("::::", ":::"))
    assert equal.checks == page.checks
    assert equal.codes == [("W501", 3)]


# -- the rule


def rule(*options: str, **defaults: str) -> Rule:
    page = read("# Page\n\n" + quiz("A", *options) + "\n" + question("q-a"), defaults)
    assert page.problems == ()
    return page.checks[0].rule


def test_the_quiz_overrides_the_front_matter_and_that_the_format() -> None:
    assert rule() == Rule()
    assert rule(**{"pass": "60%", "shuffle": "all"}) == Rule(Fraction(3, 5), shuffle="all")
    assert rule(":pass: 100%", **{"pass": "60%", "shuffle": "all"}) == Rule(Fraction(1), shuffle="all")


@pytest.mark.parametrize(
    ("written", "share"),
    [("0%", 0), ("80%", "4/5"), ("80 %", "4/5"), ("66.7%", "667/1000"), ("33.333333%", "33333333/100000000")],
)
def test_pass_marks_are_exact(written: str, share: int | str) -> None:
    assert rule(f":pass: {written}").pass_share == Fraction(share)


@pytest.mark.parametrize(
    "written", ["80", "101%", "-1%", "%", "1e2%", "８０%", "nan%", "100.5%", "1" * 9 + "%", "80%%"]
)
def test_pass_marks_that_are_none(written: str) -> None:
    wrong = fault("pass", written)
    assert wrong is not None
    assert "0 % to 100 %" in wrong


def test_everything_that_holds_now_can_be_written() -> None:
    options = (
        ":attempts: unlimited",
        ":grade: best",
        ":kind: practice",
        ":exhausted: wait",
        ":feedback: each",
    )
    assert rule(*options, ":shuffle: none") == Rule(kind="practice", feedback="each", shuffle="none")


def test_moving_a_question_down_the_page_keeps_its_digest() -> None:
    moved = WHOLE.replace("…section text…", "…section text…\n\nMore text.")
    assert read(moved).question.digest() == read(WHOLE).question.digest()


line = st.sampled_from(
    [
        *(
            ":::{question}",
            ":::{quiz} T",
            ":::{case}",
            "::::{quiz}",
            ":::",
            "::::",
            "```",
            "```{question}",
            "",
        ),
        *(
            "- [x] A",
            "- [ ] B",
            "- [] C",
            "-[x] D",
            "  > fb",
            "> q",
            "- plain",
            "1. n",
            "- [x]",
            "* [ ] E {50%}",
        ),
        *(
            ":id: x",
            ":id: abc",
            ":type: multiple",
            ":pass: 80%",
            ":see: #a",
            "# H",
            "---",
            "Text?",
            "[[...]]",
        ),
        *(
            "    - [x] code",
            "- [x] F {fixed",
            "- [x] {fixed}",
            "  - [x] nested",
            "\t> t",
            "- a => b",
            "<!--",
            "-->",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(line, max_size=25))
def test_no_text_breaks_the_reader_and_every_problem_has_a_place(lines: list[str]) -> None:
    page = read("\n".join(lines))
    for problem in page.problems:
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
    if not any(problem.severity == "error" for problem in page.problems):
        for check in page.checks:
            assert check.questions
            for asked in check.questions:
                assert any(choice.right for choice in asked.choices)
                assert len({choice.key for choice in asked.choices}) == len(asked.choices) > 1


@pytest.mark.parametrize(
    "body",
    [
        lambda n: "- [" + " " * n + "x] A",
        lambda n: "- [x] A" + " " * n + "x",
        lambda n: "- [x] " + "{" * n,
        lambda n: "- [x] " + "[" * n,
        lambda n: "- [x] " + "[](" * n,
        lambda n: "- [x] A\n- [ ] B" + "`" * n,
        lambda n: "\n".join(f"- [x] A{number}" for number in range(n)),
    ],
    ids=["box", "spaces", "braces", "brackets", "links", "ticks", "many"],
)
def test_long_lines_take_no_more_than_their_length(body: Callable[[int], str]) -> None:
    def read_it(size: int) -> None:
        assert read_question(f"\nWhich?\n\n{body(size)}").problems

    assert grows_evenly(read_it, 300)
