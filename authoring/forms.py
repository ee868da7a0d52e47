"""What an author sends: a package to import, which pages are renamed ones, and the word to publish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from authoring.renames import Renamed


class SeveralFiles(forms.ClearableFileInput):
    """A field for files that takes more than one."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; its value is a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each of them as a file by itself; none is told once."""
        one = super().clean
        return [one(each, initial) for each in data] if data else [one(None, initial)]


class KeyedForm(forms.Form):
    """A form that counts once, however often it is sent: `key` is another one in each that is drawn."""

    key = forms.CharField(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean_key(self) -> UUID | None:
        """The form's own key; a form without one, or with nonsense, is merely another form."""
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return None


class UploadForm(KeyedForm):
    """A .zip, a single .md, or several. What is in them is judged by the import, not by their names."""

    package = FilesField(
        label=_("Module or pages"),
        help_text=_("A .zip of a module's folder or of a whole tree, or .md pages; at most 50 MB."),
        widget=SeveralFiles(attrs={"accept": ".zip,.md", "multiple": True}),
        allow_empty_file=True,  # the import says what is wrong with it
        max_length=255,
        error_messages={"required": _("Choose a file first.")},
    )


class TokenForm(KeyedForm):
    """The name by which an author knows a token again."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Such as “the build of sales-courses”."),
        max_length=100,
        error_messages={"required": _("Give it a name, so that you know later what to revoke.")},
    )


class RenamedForm(forms.Form):
    """For each new page that may be one that is gone: whether it is. `upload` is the page it was asked on."""

    # Several of these forms stand on one page: what nobody labels has no id.
    upload = forms.UUIDField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, asked: Sequence[Renamed], **kwargs: Any) -> None:
        """`asked` are the pairs of pages of one draft."""
        super().__init__(*args, **kwargs)
        self.asked = {f"page-{renamed.pair.new.uuid}": renamed for renamed in asked}
        for name, renamed in self.asked.items():
            answer = renamed.answer
            self.fields[name] = forms.ChoiceField(
                choices=[
                    ("same", _("The same page: what people did on it stays")),
                    ("new", _("A new page: everybody begins it")),
                ],
                initial=("same" if answer.same else "new") if answer else None,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def rows(self) -> list[tuple[Renamed, BoundField]]:
        """The pairs, each with its field."""
        return [(renamed, self[name]) for name, renamed in self.asked.items()]

    @property
    def answers(self) -> list[tuple[Renamed, bool]]:
        """The pairs that were answered, and whether each is one page."""
        sent = self.cleaned_data
        return [(renamed, sent[name] == "same") for name, renamed in self.asked.items() if sent.get(name)]

    def clean(self) -> None:
        """Something must be answered."""
        if not self.errors and not self.answers:
            raise forms.ValidationError(_("Choose an answer first."))


class BatchForm(forms.Form):
    """One reason for all that is published together."""

    why = forms.CharField(
        label=_("What changed, and why?"),
        help_text=_("Stands in the audit trail and beside each version."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: versions that people read are being replaced.")},
    )

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        """`replaces`: something is live, so a reason is asked."""
        super().__init__(*args, **kwargs)
        self.fields["why"].required = replaces

    def nothing_ticked(self) -> None:
        """Say so above everything else."""
        self.add_error(None, _("Tick what you want to publish."))
