"""The field that a page is written in, and the forms around it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markdownx.widgets import MarkdownxWidget

from authoring.desk import Desk
from markup.limits import Limits
from markup.names import Register
from markup.problems import Problems

LATENCY = 700  # milliseconds without a key before the preview is asked for


class PageWidget(MarkdownxWidget):  # type: ignore[misc]
    """markdownx' field, whose preview and pictures are those of one page of one module."""

    def __init__(self, *, desk: Desk, path: str) -> None:
        there = [desk.module.slug, path]
        super().__init__(attrs={"spellcheck": "true", "autocomplete": "off", "wrap": "soft", "rows": 28})
        self.addresses = {
            "data-markdownx-urls-path": reverse("authoring_edit_preview", args=there) + desk.query,
            "data-markdownx-upload-urls-path": reverse("authoring_edit_image", args=there) + desk.query,
            "data-markdownx-editor-resizable": "",  # the field keeps its height: what is below stays in reach
            "data-markdownx-latency": str(LATENCY),
        }

    def add_markdownx_attrs(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What markdownx.js reads from the field."""
        return {**attrs, "class": "markdownx-editor", **self.addresses}


class PageForm(forms.Form):
    """A page as typed, and what it was typed over. Any text is kept, without text too."""

    on = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)
    over = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)
    based_on = forms.RegexField(r"\A(?:[0-9a-f]{64})?\Z", required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        strip=False,
        error_messages={"null_characters_not_allowed": gettext_lazy("Take the NUL characters out first.")},
    )

    def __init__(self, *args: Any, desk: Desk, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = PageWidget(desk=desk, path=path)

    def clean_text(self) -> str:
        """The text with lines that end as the site's do: a browser sends CRLF."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n")


class NewPageForm(forms.Form):
    """Where a new page is to stand in the package."""

    path = forms.CharField(
        label=gettext_lazy("File name"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say what the file is called, such as apples/storing.md.")},
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["path"].help_text = _(
            "Such as %(example)s. List it in the index page's toc afterwards."
        ) % {"example": f"{self.desk.root.removesuffix('.md')}/new-page.md"}

    def clean_path(self) -> str:
        """A name that every system can have, of a page that is not there yet."""
        path: str = self.cleaned_data["path"].removeprefix("./")
        if not path.lower().endswith(".md"):
            path += ".md"
        problems = Problems()
        register = Register(Limits(), problems)
        for known in (*self.desk.files, *self.desk.edits, *self.desk.images):
            register.accept(known)
        if path in self.desk.paths:
            raise ValidationError(_("There is such a page: choose it from the list."))
        if (kept := register.accept(path)) is None:
            raise ValidationError(list(problems)[-1].message.capitalize() + ".")
        return kept


class ImageForm(forms.Form):
    """A picture, judged by its content (`authoring.edit_images`)."""

    image = forms.FileField(
        label=gettext_lazy("Add a picture"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        max_length=1000,
        error_messages={
            "required": gettext_lazy("Choose a picture first."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
