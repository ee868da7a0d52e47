"""What an author says about publishing: what a version asks of people, and why; and about asking less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from authoring.correction_forms import CorrectionForm
from authoring.corrections import asked
from authoring.release import Refused
from authoring.withdrawing import Part
from courses.models import Module, ModuleVersion, PathVersion, Section
from learning.models import Policy
from learning.policies import offered, proposed, whom_to_ask

_KEPT = ("why", "policy", "due")


def kept(sent: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an author says of publishing, as a form that asks once more begins with; not what was confirmed,
    which may be another number by now."""
    return {name: sent[name] for name in _KEPT if sent.get(name)} if sent else {}


class PolicyForm(forms.Form):
    """What publishing one version asks of people. `release` judges it; `refuse` takes its answer back.

    `refused` says for each policy why the version cannot be published with it.
    """

    policy = forms.TypedChoiceField(
        label=_("What does it ask of people?"),
        coerce=Policy,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (Policy.MINOR, _("Small corrections: everybody's progress stays as it is.")),
            (
                Policy.APPEND,
                _("Additions: whoever is done stays done and is told what is new; the others get it, too."),
            ),
            (
                Policy.RETRAIN,
                _("Take it again: whoever is done is asked to complete it anew, by a day that you choose."),
            ),
        ],
    )
    due = forms.DateField(
        label=_("By when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day as 2027-01-15.")},
    )
    confirmed = forms.IntegerField(
        label=_("How many people does it ask?"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: Any, version: ModuleVersion, live: ModuleVersion | None, asks: int, **kwargs: Any
    ) -> None:
        """`live` is what the version would replace; None: it is the first one, which asks nothing anew.

        `asks` is how many people a new completion would be asked of.
        """
        super().__init__(*args, **kwargs)
        self.refused = offered(live, version)
        self.proposed = proposed(live, version)
        self.asks = asks
        self.fields["policy"].initial = self.proposed
        if self.refused.get(self.initial.get("policy", ""), "unknown"):
            self.initial.pop("policy", None)

    @property
    def policies(self) -> list[tuple[BoundWidget, str]]:
        """The choices, each with the reason why it is not offered ("" where it is)."""
        return [(radio, self.refused[Policy(radio.data["value"])]) for radio in self["policy"]]

    @property
    def chosen(self) -> dict[str, Any]:
        """The fields of `authoring.release.Chosen`; a day and a number mean something to a retrain alone."""
        sent = self.cleaned_data
        policy = sent["policy"] or self.proposed
        if policy != Policy.RETRAIN:
            return {"policy": policy}
        return {"policy": policy, "due": sent["due"], "confirmed": sent["confirmed"]}

    def refuse(self, refused: Refused) -> None:
        """Show what the release answered, at its field."""
        self.add_error(refused.field, refused.here)


class ReplaceForm(forms.Form):
    """The reason, and the version that the author saw as the live one (empty: none was)."""

    over = forms.IntegerField(required=False, widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("What changed, and why?"),
        help_text=_("Stands in the audit trail and beside this version."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: a version that people read is being replaced.")},
    )

    def replaces(self, live: ModuleVersion | PathVersion | None) -> None:
        """A reason is asked where another version is live."""
        self.fields["over"].initial = live.pk if live else None
        self.fields["why"].required = live is not None


class PathForm(ReplaceForm):
    """What an author says about making a version of a path live."""

    def __init__(self, *args: Any, live: PathVersion | None, **kwargs: Any) -> None:
        """`live` is what the version would replace."""
        super().__init__(*args, **kwargs)
        self.replaces(live)


class PublishForm(CorrectionForm, PolicyForm, ReplaceForm):
    """The same of a module, what the version asks of people, and what their past answers count for."""

    def __init__(self, *args: Any, version: ModuleVersion, live: ModuleVersion | None, **kwargs: Any) -> None:
        """`live` is what the version would replace."""
        asks = len(whom_to_ask(version)) if live else 0
        judged = asked(live, version)
        super().__init__(*args, version=version, live=live, asks=asks, judged=judged, **kwargs)
        self.replaces(live)

    @property
    def chosen(self) -> dict[str, Any]:
        """The fields of `authoring.release.Chosen`."""
        return {**super().chosen, "corrections": self.corrections}


class TickForm(forms.Form):
    """Whether one module or path of an upload is published, and over which version."""

    tick = forms.BooleanField(required=False)
    over = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def is_ticked(self) -> bool:
        """Whether it is to be published, as it was sent or as it is proposed."""
        return bool(self["tick"].value())

    def leaves(self, page: str, there: str) -> None:
        """Say that a page would be in neither module."""
        told = _("“%(page)s” moves to “%(there)s”: tick that, too, or nobody finds the page in between.")
        self.add_error("tick", told % {"page": page, "there": there})


class ChoiceForm(TickForm, CorrectionForm, PolicyForm):
    """The same of a module, by which policy, what past answers count for, and whether in the place of changes
    made in the browser."""

    replace = forms.BooleanField(required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """The fields of `authoring.release.Chosen`."""
        return {**super().chosen, "corrections": self.corrections}


class ReasonForm(forms.Form):
    """The reason of an act that changes what people see or are asked."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Stands in the audit trail."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )


class SoftenForm(ReasonForm):
    """To which softer policy a publication goes, and why."""

    policy = forms.TypedChoiceField(
        label=_("What is it to ask?"),
        coerce=Policy,
        empty_value=None,
        widget=forms.RadioSelect,
        choices=Policy.choices,
    )

    def __init__(self, *args: Any, refused: Mapping[Policy, str], **kwargs: Any) -> None:
        """`refused` are the softer policies, each with the reason why it is not offered ("": it is)."""
        super().__init__(*args, **kwargs)
        self.refused = refused
        field = self.fields["policy"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(policy.value, policy.label) for policy in refused]
        field.initial = next((policy for policy, why in refused.items() if not why), None)

    @property
    def policies(self) -> list[tuple[BoundWidget, str]]:
        """The choices, each with the reason why it is not offered."""
        return [(radio, self.refused[Policy(radio.data["value"])]) for radio in self["policy"]]

    def refuse(self, refused: Refused) -> None:
        """Show what the verb answered, at its field."""
        self.add_error(refused.field, refused.text)


ACTS = ("withdraw", "restore")


class WhichForm(ReasonForm):
    """Which part of a module is withdrawn, or which of those that are withdrawn is restored.

    The act goes with the choice, so that a form that is sent twice, or late, does not do the opposite.
    """

    what = forms.ChoiceField(
        label=_("What?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what."),
            "invalid_choice": _(
                "That is done already, or is gone from this module. Look again, then choose."
            ),
        },
    )

    def __init__(self, *args: Any, parts: Mapping[str, Part], act: str, **kwargs: Any) -> None:
        """`parts` by the value that is sent; `act` is one of `ACTS`."""
        super().__init__(*args, **kwargs)
        self.act = act
        self.parts = {key: part for key, part in parts.items() if _act(part.what) == act}
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(f"{act}:{key}", part.title) for key, part in self.parts.items()]

    @property
    def rows(self) -> list[tuple[BoundWidget, Part]]:
        """The choices, each with what it names."""
        return [(radio, self.parts[radio.data["value"].partition(":")[2]]) for radio in self["what"]]

    @property
    def chosen(self) -> Module | Section:
        """What the act is done to."""
        return self.parts[self.cleaned_data["what"].partition(":")[2]].what


def _act(part: Module | Section) -> str:
    return "withdraw" if part.withdrawn_at is None else "restore"
