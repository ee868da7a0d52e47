"""What managers and authors send when they give somebody more than others have."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.models import ExtraTime


class TryForm(forms.Form):
    """Another try, with a reason."""

    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("They read it, and it stands in the trail."),
        error_messages={"required": _("Say why.")},
    )


class TimeForm(forms.Form):
    """More time, with a reason."""

    factor = forms.ChoiceField(label=_("Time in checks"), choices=ExtraTime.Factor.choices)
    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("It stands in the trail."),
        error_messages={"required": _("Say why.")},
    )
