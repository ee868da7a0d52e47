"""Every problem of the quiz format's section 6 that these kinds of question can have, on its exact line.

In the pages below, `⟵ CODE` at the end of a line says what is reported there. Nothing else may be reported.
"""

import re

import pytest

from quizzes.options import default_fault
from tests.quizzes.reading import read, read_question

GOOD = """
:::{question}
:id: good

Which?

- [x] This one
- [ ] That one

Because.

:::
"""

CASE = """
:::{case} Contoso
:id: contoso

A bank asks.

:::
"""
OTHER = GOOD.replace(":id: good", ":id: other")


def drawing(option: str) -> str:
    """A quiz with one more option."""
    return f":::{{quiz}} Check\n:id: check-one\n{option}\n\n:::\n"


OF_CASE = GOOD.replace(":id: good", ":id: first\n:case: contoso")

PAGES = {
    "a good question": GOOD,
    "E101 a question in an open question": """
:::{question} ⟵ W509
:id: first

Which?

- [x] This one
- [ ] That one

:::{question} ⟵ E101
:id: second

Which other?

- [x] This one
- [ ] That one

Because.

:::
""",
    "E102 a closing fence too many": GOOD + "\n::: ⟵ E102\n",
    "E103 no braces": GOOD.replace(":::{question}", ":::question ⟵ E103"),
    "E104 a heading in a question": GOOD.replace("{question}", "{question} ⟵ E104").replace(
        "Because.", "### Why"
    ),
    "E104 underlined with equals signs": """
:::{question} ⟵ E104
:id: first

Which?
======

- [x] This one
- [ ] That one

Because.

:::
""",
    "E108 dashes under text": """
:::{question} ⟵ E108
:id: first

Which?
---

- [x] This one
- [ ] That one

Because.

:::
""",
    "dashes after a blank line are a rule": GOOD.replace("Which?\n", "Which?\n\n---\n"),
    "E105 never closed": """
:::{question} ⟵ E105 W503
Which?

- [x] This one
- [ ] That one

Because.
""",
    "E106 given twice": """
:::{question}
:id: first
:points: 2
:points: 3 ⟵ E106

Which?

- [x] This one
- [ ] That one

Because.

:::
""",
    "E107 unknown options": """
:::{quiz} Check
:id: check-one
:shufle: none ⟵ E107

:::

:::{question}
:id: first
:feedback: each ⟵ E107
:hints: Think. ⟵ E107

Which?

- [x] This one
- [ ] That one

Because.

:::
""",
    "E107 options of other types": """
:::{question}
:id: first
:typos: 1 ⟵ E107
:match: loose ⟵ E107
:unit: % ⟵ E107

Which?

- [x] This one
- [ ] That one

Because.

:::
""",
    "E201 no slugs": """
:::{quiz} Check
:id: C ⟵ E201

:::

:::{question}
:id: Cost of second ⟵ E201

Which?

- [x] This one
- [ ] That one

Because.

:::

:::{question}
:id: ⟵ E201

Which other?

- [x] This one
- [ ] That one

Because.

:::
""",
    "E202 ids used twice": """
:::{quiz} One
:id: check-one

:::
"""
    + GOOD
    + """
:::{quiz} Two
:id: check-one ⟵ E202

:::
"""
    + GOOD.replace(":id: good", ":id: good ⟵ E202"),
    "a quiz and a question may share an id": ":::{quiz} One\n:id: good\n\n:::\n" + GOOD,
    "E202 the same text without an id": GOOD.replace(":id: good\n", "").replace("tion}", "tion} ⟵ W503")
    + GOOD.replace(":id: good\n", "").replace("tion}", "tion} ⟵ W503 E202"),
    "E202 a key used twice": GOOD.replace("This one", "This one {#one}").replace(
        "That one", "That one {#one} ⟵ E202"
    ),
    "a case with its question": CASE + OF_CASE,
    "a case below its question, in a quiz": "::::{quiz} Check\n\n" + OF_CASE + CASE + "\n::::\n",
    "E203 a case without an id": """
:::{case} Contoso ⟵ E203

A bank asks.

:::
""",
    "E201 E401 a case with another id": CASE.replace(":id: contoso", ":id: Contoso Ltd ⟵ E201")
    + OF_CASE.replace(":case: contoso", ":case: contoso ⟵ E401"),
    "E202 two cases with one id": CASE + CASE.replace(":id: contoso", ":id: contoso ⟵ E202") + OF_CASE,
    "a case and a question may share an id": CASE + OF_CASE.replace(":id: first", ":id: contoso"),
    "E207 a case with nothing in it": CASE.replace("{case} Contoso", "{case} Contoso ⟵ E207").replace(
        "A bank asks.\n\n", ""
    )
    + OF_CASE,
    "E104 E107 W504 what a case cannot have": CASE.replace("{case} Contoso", "{case} Contoso ⟵ E104")
    .replace(":id: contoso", ":id: contoso\n:points: 1 ⟵ E107")
    .replace("A bank asks.", "# A bank asks.\n\n:hint: It is large. ⟵ W504")
    + OF_CASE,
    "E108 dashes in a case": CASE.replace("{case} Contoso", "{case} Contoso ⟵ E108").replace(
        "A bank asks.", "A bank asks.\n---"
    )
    + OF_CASE,
    "E101 a question in a case": CASE.replace("\n:::\n", "") + OF_CASE.replace("tion}", "tion} ⟵ E101"),
    "E101 a case in a question": OF_CASE.replace("Because.\n\n:::\n", "Because.\n")
    + CASE.replace("{case} Contoso", "{case} Contoso ⟵ E101"),
    "E105 a case that is never closed": OF_CASE
    + CASE.replace("\n:::\n", "").replace("{case} Contoso", "{case} Contoso ⟵ E105"),
    "E401 no such case": OF_CASE.replace(":case: contoso", ":case: contoso ⟵ E401"),
    "E401 a case that no question names": CASE.replace("{case} Contoso", "{case} Contoso ⟵ E401") + GOOD,
    "E204 unknown type": GOOD.replace(":id: good", ":id: good\n:type: singel ⟵ E204"),
    "E205 no answers": ":::{question} ⟵ E205\n:id: first\n\nWhich?\n\n:::\n",
    "E205 a list without boxes": ":::{question} ⟵ E205\n:id: first\n\nWhich?\n\n- This\n- That\n\n:::\n",
    "E205 blanks in code or escaped are none": (
        ":::{question} ⟵ E205\n:id: first\n\nWhat is `[[x]]` and \\[[y]]?\n\n- a \\=> b\n\n:::\n"
    ),
    "E205 answers in a quotation": (
        ":::{question} ⟵ E205\n:id: first\n\nWhich?\n\n> - [x] This\n> - [ ] That\n\n:::\n"
    ),
    "E205 answers in a note": (
        ":::{question} ⟵ E205\n:id: first\n\nWhich?\n\n```{note}\n- [x] This\n- [ ] That\n```\n\n:::\n"
    ),
    "E206 two lists": """
:::{question} ⟵ E206
:id: first

Which?

- [x] This one
- [ ] That one

And which?

- [ ] This one
- [x] That one

:::
""",
    "E206 another bullet": ":::{question} ⟵ E206\n:id: first\n\nWhich?\n\n- [x] This\n* [ ] That\n\n:::\n",
    "E206 nested boxes": ":::{question} ⟵ E206\n:id: first\n\nWhich?\n\n- [x] This\n  - [ ] That\n\n:::\n",
    "E206 feedback at the margin": (
        ":::{question} ⟵ E206\n:id: first\n\nWhich?\n\n- [x] This\n> Yes.\n- [ ] That\n\n:::\n"
    ),
    "E207 no question": GOOD.replace("Which?\n", "").replace("{question}", "{question} ⟵ E207"),
    "E208 boxes that are none": """
:::{question}
:id: first

Which?

- [x] This one
- [] That one ⟵ E208
- [ x] That one ⟵ E208
- [*] That one ⟵ E208
- (x) That one ⟵ E208
- [x]That one ⟵ E208
- [x]: That one ⟵ E208

:::
""",
    "E208 no list at all": """
:::{question}
:id: first

Which?

-[x] This one ⟵ E208
[ ] That one ⟵ E208

:::
""",
    "E208 a box that slipped into an answer": """
:::{question}
:id: first

Which?

- [ ] This one
-[x] That one ⟵ E208
- [x] Another
  > Yes.
  [ ] And this? ⟵ E208

Because.

:::
""",
    "E208 numbers": """
:::{question}
:id: first

Which?

1. [x] This one ⟵ E208
2. [ ] That one ⟵ E208

:::
""",
    "E209 no box": """
:::{question}
:id: first

Which?

- [x] This one
- That one ⟵ E209
- [ ] Another one

:::
""",
    "E209 a list of the text that Markdown joins with the answers": """
:::{question}
:id: first

Which?

- A bank ⟵ E209
- A shop ⟵ E209

- [x] This one
- [ ] That one

:::
""",
    "E210 no tick": """
:::{question}
:id: first

Which?

- [ ] This one ⟵ E210
- [ ] That one

:::
""",
    "E211 two ticks": """
:::{question}
:id: first
:type: single

Which?

- [x] This one ⟵ E211
- [x] That one
- [ ] Another

:::

:::{question}
:id: second

True?

- [x] True ⟵ E211
- [x] False

:::

:::{question}
:id: third
:type: truefalse

True?

- [x] True ⟵ E211
- [ ] False
- [ ] Perhaps

:::
""",
    "E212 one answer": ":::{question}\n:id: first\n\nWhich?\n\n- [x] This one ⟵ E212\n\n:::\n",
    "E213 empty answers": """
:::{question}
:id: first

Which?

- [x] This one
- [ ] ⟵ E213
- [ ] {fixed} ⟵ E213
- [ ] ⟵ E213
  > With feedback.

:::
""",
    "E215 the same twice": """
:::{question}
:id: first

Which?

- [x] The partner’s “co‑sell” plan
- [ ] A budget
- [ ] the PARTNER's   "co-sell" plan. ⟵ E215

:::
""",
    "code may differ in capitals alone": GOOD.replace("This one", "`foo`").replace("That one", "`FOO`"),
    "E219 E220 E221 E301 bad values": """
:::{question}
:id: first
:points: -1 ⟵ E219
:scoring: some ⟵ E220
:difficulty: impossible ⟵ E221
:shuffle: maybe ⟵ E301

Which?

- [x] This one
- [ ] That one

:::
""",
    "E220 weights beside a scheme without room for them": """
:::{question}
:id: first
:scoring: all ⟵ E220

Which?

- [x] This one
- [ ] That one {50%}

:::
""",
    "E220 weights that never add up": """
:::{question} ⟵ E220
:id: first

Which?

- [x] This one {50%}
- [x] That one {25%}
- [ ] Another

:::
""",
    "E222 unknown marks": """
:::{question}
:id: first

Which?

- [x] This one {fix} ⟵ E222
- [ ] That one {150%} ⟵ E222
- [ ] Another {#X} ⟵ E222
- [ ] The set {} ⟵ E222
- [ ] The set \\{1\\}
- [ ] The code `{1}`

:::
""",
    "E226 E402 passages": """
## Walking away

:::{question}
:id: first
:see: #walking-away ⟵ E226

Which?

- [x] This one
- [ ] That one

:::

:::{question}
:id: second
:see: walking-awy ⟵ E402

Which?

- [x] This one
- [ ] That one

:::
"""
    + GOOD.replace(":id: good", ":id: good\n:see: walking-away")
    + GOOD.replace(":id: good", ":id: good-2\n:see: ./other.md#walking-away"),
    "E301 bad values of a quiz": """
:::{quiz} Check
:id: check-one
:pass: 80 ⟵ E301
:attempts: 0 ⟵ E301
:grade: worst ⟵ E301
:shuffle: yes ⟵ E301
:feedback: never ⟵ E301
:time: 20 ⟵ E301
:kind: test ⟵ E301
:exhausted: go ⟵ E301

:::
"""
    + GOOD,
    "E301 a bank that is not there, or no path": """
:::{quiz} Check
:id: check-one
:bank: ./banks/icp.md ⟵ E301

:::
"""
    + GOOD
    + """
:::{quiz} Other
:id: check-two
:bank: icp ⟵ E301

:::
"""
    + OTHER,
    "a draw": drawing(":draw: 2") + GOOD + OTHER,
    "a draw from pools": drawing(":draw: fit 1, process 1")
    + GOOD.replace(":id: good", ":id: good\n:pool: fit")
    + OTHER.replace(":id: other", ":id: other\n:pool: process"),
    "E302 more than there are": drawing(":draw: 3 ⟵ E302") + GOOD + OTHER,
    "E302 more than a pool has": drawing(":draw: fit 2 ⟵ E302")
    + GOOD.replace(":id: good", ":id: good\n:pool: fit")
    + OTHER,
    "E302 a pool that is none": drawing(":draw: good fit 1 ⟵ E302") + GOOD,
    "a question with an error is still in its pool": drawing(":draw: fit 1")
    + GOOD.replace(":id: good", ":id: good\n:pool: fit")
    .replace("[x]", "[ ]")
    .replace("- [ ] This one", "- [ ] This one ⟵ E210"),
    **{
        f"E303 {value}": drawing(f":draw: {value} ⟵ E303") + GOOD
        for value in ("0", "all", "fit", "2 fit", "fit 2, 3", "fit 1, fit 2", "fit 1,", "1000", "fit -1")
    },
    "E301 a quiz without questions": GOOD + "\n:::{quiz} Check ⟵ E301\n:id: check-one\n\n:::\n",
    "W501 W502 fences": """
:::{quiz} Check ⟵ W501
:id: check-one

:::{question}
:id: first

Which?

- [x] This one
- [ ] That one

Because.
::: ⟵ W502

:::
""",
    "W503 no id": GOOD.replace(":id: good\n", "").replace("{question}", "{question} ⟵ W503"),
    "W504 options that are text": """
:::{quiz} Check

:id: check-one ⟵ W504

:::

:::{question} ⟵ W503

:id: first ⟵ W504

Which?

- [x] This one
- [ ] That one

Because.
:hint: Think. ⟵ W504

\\:hint: is literal.

```
:hint: is code.
```

:::
""",
    "options of a figure are not taken for ours": GOOD.replace(
        "Which?\n", "Which?\n\n```{figure} ./a.png\n:alt: A map\n:width: 50%\n```\n"
    ),
    "W505 every answer right": """
:::{question}
:id: first

Which?

- [x] This one ⟵ W505
- [x] That one

Because.

:::
""",
    "W506 a right answer much longer than the rest": """
:::{question}
:id: first

Which?

- [ ] That one, which is shorter, but still longish
- [x] This one, which is so long that you need not read the others at all, since it says so much more ⟵ W506

Because.

:::
""",
    "W507 all of the above": """
:::{question}
:id: first

Which?

- [ ] This one
- [ ] That one
- [x] All of the above ⟵ W507

Because.

:::
""",
    "all of the above in its place": GOOD.replace("That one", "None of the above. {fixed}"),
    "all of the above in a question that is not shuffled": GOOD.replace(
        "That one", "None of the above"
    ).replace(":id: good", ":id: good\n:shuffle: no"),
    "W509 no explanation": GOOD.replace("Because.\n", "").replace("{question}", "{question} ⟵ W509"),
    "an error hides the warnings about style": """
:::{question}
:id: first
:points: many ⟵ E219

Which?

- [x] This one
- [x] All of the above

:::
""",
    "code is never scanned": """
:::{question}
:id: first

Which of these is a box?

```
# No heading
- [x] No answer
:hint: No hint
```

    - [x] No answer either

- [ ] `- [x] foo`
- [x] The box \\[x] itself

Because.

:::
""",
    "a directive in the text": GOOD.replace(
        "Which?\n", "Which?\n\n```{note}\nMind [x] and:\n\n- this\n- that\n```\n"
    ),
}


def marked(page: str) -> tuple[str, list[tuple[str, int]]]:
    """The page without its marks, and what they announce."""
    expected = []
    lines = page.split("\n")
    for number, line in enumerate(lines, start=1):
        text, _, codes = line.partition("⟵")
        expected += [(code, number) for code in codes.split()]
        lines[number - 1] = text.rstrip() if codes else line
    return "\n".join(lines), sorted(expected, key=lambda found: found[::-1])


@pytest.mark.parametrize("name", PAGES)
def test_problems_stand_on_their_lines(name: str) -> None:
    text, expected = marked(PAGES[name])
    assert sorted(read(text).codes, key=lambda found: found[::-1]) == expected


def test_every_code_in_the_table_is_shown() -> None:
    shown = {code for page in PAGES.values() for code, _ in marked(page)[1]}
    ours = "E101-E108 E201-E213 E215 E219-E222 E226 E301-E303 E401 E402 W501-W507 W509"
    wanted = set()
    for part in ours.split():
        first, _, last = part.partition("-")
        letter, start, end = first[0], int(first[1:]), int((last or first)[1:])
        wanted |= {f"{letter}{number}" for number in range(start, end + 1)}
    assert shown == wanted


@pytest.mark.parametrize("name", PAGES)
def test_every_problem_has_a_remedy_and_a_sentence(name: str) -> None:
    for problem in read(marked(PAGES[name])[0]).problems:
        assert problem.remedy
        assert re.fullmatch(r"[^\n]+", problem.message)


@pytest.mark.parametrize("name", PAGES)
def test_a_problem_moves_with_its_line(name: str) -> None:
    text = marked(PAGES[name])[0]
    shifted = "\n\n\n" + text
    assert read(shifted).codes == [(code, line + 3) for code, line in read(text).codes]


@pytest.mark.parametrize(
    ("option", "code", "meant"),
    [
        (":hnt: Think.", "E107", "hint"),
        (":type: mutliple", "E204", "multiple"),
        (":difficulty: esay", "E221", "easy"),
    ],
)
def test_a_slip_of_the_pen_is_met_with_a_suggestion(option: str, code: str, meant: str) -> None:
    problem = read_question("\nWhich?\n\n- [x] This\n- [ ] That\n\nBecause.", option).one(code)
    assert f"did you mean “{meant}”" in problem.message
    assert (problem.line, problem.column) == (5, 2)


def test_messages_name_the_other_place() -> None:
    two = read_question("\nWhich?\n\n- [x] A\n- [ ] B\n\nOr?\n\n- [x] A\n- [ ] B").one("E206")
    assert "line 8 and line 13" in two.message
    same = read_question("\nWhich?\n\n- [x] A\n- [ ] a.").one("E215")
    assert (same.line, "line 8" in same.message) == (9, True)


def test_an_unknown_type_is_told_what_there_is() -> None:
    assert (
        "single, multiple, truefalse, text" in read(marked(PAGES["E204 unknown type"])[0]).one("E204").message
    )


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("pass", "80", "cannot be read"),
        ("draw", "fit", "cannot be read"),
        ("bank", "./banks/icp.md", "belongs into a `{quiz}`"),
        ("shufle", "none", "did you mean “shuffle”"),
        ("id", "check", "no option"),
    ],
)
def test_a_front_matter_default_that_cannot_be_used_is_told_and_left_out(
    key: str, value: str, told: str
) -> None:
    assert told in (default_fault(key, value) or "")
    assert read(GOOD, {key: value}).checks[0].rule == read(GOOD).checks[0].rule


def test_a_front_matter_default_that_can_be_used_holds() -> None:
    assert default_fault("kind", "practice") is None
    assert read(GOOD, {"kind": "practice"}).checks[0].rule.kind == "practice"
