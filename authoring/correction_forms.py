"""What an author says about past answers to questions that a version judges differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from authoring.corrections import CHOICES, Judged
from quizzes.corrections import Plan, Wanted
from quizzes.models import Counting


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One question as it is asked about: its choices, each with what it would do, and the tick to let results
    fall."""

    judged: Judged
    radios: list[tuple[BoundWidget, str]]
    lowers: BoundField
    errors: Any


class CorrectionForm(forms.Form):
    """For each question that is judged differently and was answered: what past answers count for."""

    def __init__(self, *args: Any, judged: Sequence[Judged] = (), **kwargs: Any) -> None:
        """`judged` are the questions of one version (`authoring.corrections.asked`)."""
        super().__init__(*args, **kwargs)
        self.judged = judged
        for each in judged:
            self.fields[f"counting-{each.question}"] = forms.TypedChoiceField(
                choices=[(choice.value, choice.label) for choice in CHOICES],
                coerce=Counting,
                initial=Counting.BETTER,
                empty_value=Counting.BETTER,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"lowers-{each.question}"] = forms.BooleanField(
                label=_("Let results fall, too"), required=False
            )

    @property
    def corrections(self) -> tuple[Wanted, ...]:
        """What was chosen; the tick means something to the new key alone."""
        sent = self.cleaned_data
        return tuple(
            Wanted(
                each.now,
                counting := sent[f"counting-{each.question}"],
                lowers=counting == Counting.NEW and sent[f"lowers-{each.question}"],
            )
            for each in self.judged
        )

    @property
    def judged_rows(self) -> list[JudgedRow]:
        """The questions with their fields."""
        return [self._row(each) for each in self.judged]

    def _row(self, judged: Judged) -> JudgedRow:
        field = self[f"counting-{judged.question}"]
        radios = [(radio, told(judged.plans[Counting(radio.data["value"])])) for radio in field]
        return JudgedRow(judged, radios, self[f"lowers-{judged.question}"], field.errors)


def told(plan: Plan) -> str:
    """What a choice would do, in numbers."""
    rises, falls, passing = plan.people(falls=False), plan.people(falls=True), plan.passing
    said = [
        ngettext("counts for more for one person", "counts for more for %(n)d people", rises) % {"n": rises}
        if rises
        else "",
        ngettext("for less for one person", "for less for %(n)d people", falls) % {"n": falls}
        if falls
        else "",
        ngettext("one pass more", "%(n)d passes more", passing) % {"n": passing} if passing else "",
    ]
    return ", ".join(filter(None, said))
