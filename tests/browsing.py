"""A learner's hands in the test client: reads a page as it is drawn and posts its own forms."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


@dataclass
class Hand:
    """One person's browser. With `htmx`, forms are sent as htmx sends them."""

    client: Client
    htmx: bool = False

    def get(self, url: str) -> BeautifulSoup:
        """The page at an address, which must be there."""
        response = self.client.get(url, follow=True)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        return soup(response)

    def press(
        self, page: BeautifulSoup, act: str, answers: dict[str, list[str]] | None = None, **extra: str
    ) -> Any:
        """Press a button of the (only) check on a page, with these choices by their visible text.

        `extra` are fields by their names, over what stands in them.
        """
        form = page.select_one("form.check-form")
        assert form is not None
        data: dict[str, Any] = {"act": act, **hidden(form), **chosen(form), **extra}
        for key, texts in (answers or {}).items():
            data[f"answer-{key}"] = [choice(form, key, text) for text in texts]
        headers = {"HX-Request": "true"} if self.htmx else {}
        return self.client.post(str(form["action"]), data, headers=headers)


def soup(response: Any) -> BeautifulSoup:
    """What a reader gets, as a tree."""
    return BeautifulSoup(response.content.decode(), "html.parser")


def hidden(form: Tag) -> dict[str, str]:
    """The hidden fields of a form."""
    return {str(i["name"]): str(i.get("value", "")) for i in form.select("input[type=hidden]")}


def chosen(form: Tag) -> dict[str, list[str]]:
    """The choices that a form shows as chosen, and what stands in its lines."""
    found: dict[str, list[str]] = {}
    for line in form.select("input[type=text], textarea"):
        found[str(line["name"])] = [str(line.get("value", "")) if line.name == "input" else line.get_text()]
    for option in form.select("option[selected]"):
        found[str(option.find_parent("select")["name"])] = [str(option["value"])]
    for field in form.select("input[checked]"):
        found.setdefault(str(field["name"]), []).append(str(field["value"]))
    return found


def choice(form: Tag, question: str, text: str) -> str:
    """The value of the choice that reads so."""
    for field in form.select(f'input[name="answer-{question}"]'):
        label = field.find_parent("label")
        if label is not None and text in label.get_text():
            return str(field["value"])
    raise AssertionError(f"{question} offers no “{text}”")


def text_of(node: Tag | None) -> str:
    """The visible text, in one line."""
    assert node is not None
    return html.unescape(" ".join(node.get_text(" ").split()))
