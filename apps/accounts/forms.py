"""The two ways of signing in, as forms, and the filter of the people page."""

from django import forms

from apps.permissions import Role
from apps.ui.forms import PortalForm


class PasswordForm(PortalForm):
    """Signing in with the e-mail address and password of an AuroraX account."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ApiKeyForm(PortalForm):
    """Signing in with an AuroraX API key. The address is needed because AuroraX does not tell whose key it is."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="The address of the AuroraX account the key belongs to.",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    api_key = forms.CharField(
        label="API key",
        help_text="AuroraX accepts one key per account; asking for a new key ends the old one.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class PeopleFilter(PortalForm):
    """Which accounts to show."""

    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.SearchInput(attrs={"placeholder": "Name or e-mail address"}),
    )
    role = forms.ChoiceField(
        label="Role", required=False, choices=[("", "Any role"), *((role.value, role.value) for role in Role)]
    )
