"""How each kind of problem is mended: one sentence per code, said to the author.

The codes are those of the content format (E601-I690) and of the quiz format (E101-E403, W501-W511, I521).
A caller that knows more about the case at hand passes a remedy of its own.
"""

from __future__ import annotations

QUIZ = {
    "E101": "Close the earlier block with a line of its own, `:::`, before the new one starts.",
    "E102": "Remove this line, or add the opening line that it should close.",
    "E103": "Write the name in braces: `:::{question}`.",
    "E104": "Take the heading out of the block; use bold text instead.",
    "E105": "Add a line `:::` where the block ends.",
    "E106": "Keep one of the two lines.",
    "E107": "Remove the option or correct its name; docs/quiz-format.md lists what each block takes.",
    "E108": "Put an empty line above `---`, or remove it: under text it makes a heading.",
    "E201": "Use 3 to 64 small letters, digits and hyphens, such as `cost-of-second`.",
    "E202": "Give one of the two another id; ids are unique on a page.",
    "E203": "Add a line `:id: some-name` below the opening line, so that questions can name the case.",
    "E204": "Use one of the types in docs/quiz-format.md, or leave `:type:` out where it can be inferred.",
    "E205": "Add the answers: a task list, a numbered list, pairs, groups or a blank.",
    "E206": "Keep one answer list in a question; put a sentence between a plain list and the answers.",
    "E207": "Write the question itself above its answers.",
    "E208": "Write `[x]` for a right answer and `[ ]` for a wrong one, with a space after the bracket.",
    "E209": "Give every item of the list a box, `[x]` or `[ ]`; separate a plain list from it by a sentence.",
    "E210": "Mark the right answer with `[x]`, or write `:type: poll` if none is right.",
    "E211": "Mark exactly one answer with `[x]`, or use `:type: multiple`.",
    "E212": "Add a second option, or write `:type: text` or `:type: number`.",
    "E213": "Write the text of the option, or remove the line.",
    "E214": "Put the blank into the text as `[[answer]]`.",
    "E215": "Change or remove one of the two options: a learner cannot tell them apart.",
    "E216": "Write the right side of the pair after `=>`.",
    "E217": "Give at least two pairs.",
    "E218": "Give at least two categories, each with its items below it.",
    "E219": "Write the points as a number of 0 or more, such as `1` or `2.5`.",
    "E220": "Use `all`, `partial` or `ripkey`.",
    "E221": "Use `easy`, `medium` or `hard`.",
    "E222": "Use `{fixed}`, a weight such as `{50%}`, or a key such as `{#my-key}`; write `\\{` for a brace.",
    "E223": "Write a number such as `42`, `42 +- 2`, `42 +- 5%` or `40..45`.",
    "E224": "Write the smaller number first.",
    "E225": "Fill in the empty alternative, or remove the extra `|`.",
    "E226": "Write the heading's name without `#`: in an option, `#` starts a comment.",
    "E301": "Correct the value; docs/quiz-format.md lists what each option of a quiz takes.",
    "E302": "Draw fewer questions, or add questions to the pool.",
    "E303": "Write a number, `draw: 5`, or numbers by pool, `draw: fit 2, process 1`.",
    "E401": "Correct the name, or add the case to this page.",
    "E402": "Correct the target: a heading's name, or `./page.md#heading-name`.",
    "E403": "Correct the path, or add the file to the package.",
    "W501": "Give the outer block a longer fence (`::::`) than the blocks in it, so that other tools agree.",
    "W502": "Leave an empty line above the closing fence, so that it does not join the text elsewhere.",
    "W503": "Add `:id: some-name`; without it a reworded question counts as a new one.",
    "W504": "Move the line directly below the opening line, or start it with a backslash if it is text.",
    "W505": "Check the ticks: a learner who ticks everything is right.",
    "W506": "Shorten the right option or lengthen a wrong one; the longest option gives itself away.",
    "W507": "Add `{fixed}` to keep the option in its place, or reword it.",
    "W508": "Use at least three items, or make it a single choice.",
    "W509": "Add a sentence below the answers that says why; learners see it when they got it right.",
    "W510": "Decide in the publishing dialog how earlier answers are graded.",
    "W511": "Make the translation agree with the original in ids, options and ticks.",
    "I521": "Nothing to do; this is what the site made of the question.",
}

FRONT_MATTER = {
    "E601": "Make `---` the very first line of the file and close the front matter with another `---`.",
    "W601": "Start the file with `---`, a line `uuid: …` and `---`, so that the page keeps its identity.",
    "W602": "Add a line `uuid:` with a fresh UUID; without it a rename starts this page's progress anew.",
    "E603": "Write the uuid as 8-4-4-4-12 hexadecimal digits, such as ab4e99e5-6955-40f6-9037-dd1c67e7827c.",
    "E604": "Give the copy a fresh uuid; the original keeps its own.",
    "E605": "Correct the front matter: `key: value` lines, lists with `- `, spaces instead of tabs.",
    "E606": "Write the value out in full, without `&`, `*`, `!` and `<<`; quote a text that starts so.",
    "E607": "Keep one of the two lines.",
    "E608": "List the audiences, one `- Name` a line, or remove the key to inherit from the parent page.",
    "E609": "Use an audience that exists, spelled exactly as it is.",
    "W610": "Correct the key or remove the line; it has no effect.",
    "E611": "Correct the value; the content format lists what each key takes.",
    "W612": "Add `visibility:` with the audiences that the module is for.",
    "W613": "Use an audience that the parent page admits, or widen the parent.",
    "E621": "List a relative path such as `./my-module/first-section.md`, inside the package.",
    "W622": "Add the file; until then the section shows as “coming soon”.",
    "E623": "List the page in one place.",
    "E624": "Remove one of the entries, so that no page is above itself.",
    "W625": "Add the page to a toc, or remove the file.",
    "W626": "Add a `toc:` to the index page to say in which order the pages come.",
}

BODY = {
    "W641": "Add a line `# Title` at the top of the text.",
    "W642": "Correct the link, or add the page; it is shown as text until then.",
    "W643": "Correct the part after `#`: the heading in lower case, spaces as `-`, no punctuation.",
    "E644": "Use an address with http, https or mailto, or a path to a file of the package.",
    "W646": "Leave the link out, or open the other page to the same audiences; others get a 404, and a link"
    " without words shows no title.",
    "W647": "Write `[^name]`, with the footnote's own name, where it belongs, or remove the footnote.",
    "W651": "Correct the name of the directive; its text is shown in a plain box.",
    "E652": "Add a closing fence where the block ends.",
    "E653": "Correct the path, or hand in the folder or .zip that holds the file, too.",
    "W654": "Correct the option's name or remove the line; it has no effect.",
}

MEDIA = {
    "W661": "Correct the path, or add the file to the package.",
    "E662": "Use png, jpg, gif or webp for pictures, mp4 or webm for video, pdf or zip for downloads.",
    "E663": "Make the file smaller: pictures and downloads 5 MB, 40 megapixels; video 50 MB.",
    "W664": "Write what the picture shows between the brackets: `![A funnel with five stages](…)`.",
    "W665": "Put the picture into the package; until then it is shown as a link.",
}

PACKAGE = {
    "E681": "Make the archive again as a plain .zip, without a password, and upload it once more.",
    "E682": "Rename or remove the entry; nothing of this archive was read.",
    "E683": "Make the package smaller, or split it into several modules.",
    "E684": "Remove files that no page uses, or split the package into several modules.",
    "E685": "Name the index page, or make sure that exactly one page with a toc is listed by no other.",
    "E686": "Save the file as UTF-8 text.",
    "E687": "Rename one of the two; on many computers they are the same file.",
    "E688": "Split the page, or make what is nested in it flatter.",
    "E689": "Make the page simpler or split it.",
    "I690": "Nothing to do; the file is left out.",
}

REMEDIES: dict[str, str] = QUIZ | FRONT_MATTER | BODY | MEDIA | PACKAGE
