"""Hands on the keyboard: Tab, Space, Enter, arrows and letters, and nothing else."""

from __future__ import annotations

from playwright.sync_api import Page

FAR = 150  # presses of Tab after which something counts as out of reach

# Is the focus on it, does a line around it show that, and does nothing lie over its visible part?
STOP = """(wanted) => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const ringed = (e) => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const ring = [here, here.closest("label, summary, .card")].some((e) => e && ringed(e));
  const middle = (from, to, edge) => (Math.max(from, 0) + Math.min(to, edge)) / 2;
  const over = document.elementFromPoint(
    middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  const seen = over && (here.contains(over) || over.contains(here) || over.closest("label")?.contains(here));
  return { there: here.matches(wanted), shown: here === document.body || (ring && !!seen),
    name: here.outerHTML.slice(0, 120) };
}"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, wanted: str, *, key: str = "Tab") -> None:
        """Press Tab until the focus is on what this selector describes; each stop shows its focus."""
        for _press in range(FAR):
            self.press(key)
            stop = self.page.evaluate(STOP, wanted)
            assert stop["shown"], f"the focus cannot be seen on {stop['name']}"
            if stop["there"]:
                return
        raise AssertionError(f"{wanted} is not within {FAR} presses of {key} on {self.page.url}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def follow(self, wanted: str, *, to: str, key: str = "Enter") -> None:
        """Tab to a link or button and press it; wait for the address that it leads to."""
        self.tab_to(wanted)
        self.press(key)
        self.page.wait_for_url(to)

    def choose(self, question: str, rights: list[str], *, focused: bool = False) -> None:
        """Choose these choices (by key) of a question: arrows among radios, Space on boxes.

        `focused`: the focus is on its first choice already.
        """
        field = f'input[name="answer-{question}"]:not([type=hidden])'
        if self.page.locator(f"{field}[type=radio]").count():
            if not focused:
                self.tab_to(field)
            self._choose_one(field, rights[0])
            return
        for choice in self._values(field):
            self.tab_to(f'{field}[value="{choice}"]')
            if choice in rights:
                self.press("Space")

    def pick(self, answer: dict[str, str]) -> None:
        """Choose in lists by typing what they offer: the value to choose, by the name of its list."""
        names = self.page.locator("select").evaluate_all("lists => lists.map(list => list.name)")
        for name in (name for name in names if name in answer):
            option = self.page.locator(f'select[name="{name}"] option[value="{answer[name]}"]')
            self.tab_to(f'select[name="{name}"]')
            self.type(str(option.text_content()))

    def _choose_one(self, field: str, right: str) -> None:
        place = self._values(field).index(right)
        if place == 0:
            self.press("Space")
        for _step in range(place):
            self.press("ArrowDown")

    def _values(self, field: str) -> list[str]:
        values: list[str] = self.page.locator(field).evaluate_all("inputs => inputs.map(i => i.value)")
        return values
