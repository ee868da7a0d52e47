"""Forms of the administration."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.utils.translation import gettext, gettext_lazy

from accounts.models import Audience, Organisation, User
from accounts.people_file import MAX_BYTES


class PersonForm(forms.ModelForm[User]):
    """What an admin decides about a person. The password is the person's own."""

    class Meta:
        model = User
        fields = ["email", "name", "organisation", "group", "is_active", "is_author", "is_staff"]

    def clean_email(self) -> str:
        """In lower case, and nobody else's second address."""
        email: str = self.cleaned_data["email"].lower()
        if EmailAddress.objects.filter(email=email, verified=True).exclude(user_id=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Somebody else has this e-mail address."))
        return email


class OrganisationForm(forms.ModelForm[Organisation]):
    """A company, with its audiences to tick."""

    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Audiences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Its people see the pages for these audiences."),
    )

    class Meta:
        model = Organisation
        fields = ["name", "audiences", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "audiences" in self.fields:  # shown, not asked, for an organisation that is there already
            field = self.fields["audiences"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(audience.name, audience.name) for audience in Audience.objects.all()]


class PeopleImportForm(forms.Form):
    """First the file; then, looked through and confirmed, its content again."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Adds `data`, the bytes: at most one more than allowed, which `read_people` then tells."""
        cleaned = super().clean() or {}
        if cleaned.get("content"):
            try:
                cleaned["data"] = base64.b64decode(cleaned["content"], validate=True)
            except (binascii.Error, ValueError):
                raise forms.ValidationError(gettext("Choose the file again.")) from None
        elif file := cleaned.get("file"):
            cleaned["data"] = file.read(MAX_BYTES + 1)
        else:
            raise forms.ValidationError(gettext("Choose a file."))
        return cleaned

    @classmethod
    def holding(cls, data: bytes) -> PeopleImportForm:
        """The form that sends `data` back, to confirm it."""
        return cls(initial={"content": base64.b64encode(data).decode("ascii")})
