"""How somebody wants to be told."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from apps.notifications.models import MailWish, NoticeWishes, Topic
from apps.outbound.public_addresses import AddressRefused, check_address
from apps.ui.forms import PortalForm


class NoticeForm(PortalForm):
    """For each topic whether by e-mail and by webhook, and where that is."""

    webhook_url = forms.CharField(
        label="Address of your webhook",
        required=False,
        max_length=500,
        help_text="Each notice is posted there as JSON, signed. Leave it empty for none.",
        widget=forms.TextInput(
            attrs={"placeholder": "https://hooks.example.org/aurorax", "inputmode": "url"}
        ),
    )

    def __init__(self, *args: Any, wishes: NoticeWishes, **kwargs: Any) -> None:
        super().__init__(*args, initial={"webhook_url": wishes.webhook_url}, **kwargs)
        for number, topic in enumerate(Topic):
            self.fields[f"mail-{number}"] = forms.ChoiceField(
                label=f"E-mail: {topic.label}",
                choices=MailWish.choices,
                initial=wishes.mail_wish(topic),
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"hook-{number}"] = forms.BooleanField(
                label=f"Webhook: {topic.label}",
                required=False,
                initial=topic in wishes.webhook_topics,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    def clean_webhook_url(self) -> str:
        """An address that may be posted to, as far as it can be told before its name is resolved."""
        url = str(self.cleaned_data["webhook_url"])
        try:
            return check_address(url).geturl() if url else ""
        except AddressRefused as refused:
            raise ValidationError(refused.message) from None

    @property
    def rows(self) -> list[tuple[str, BoundField, BoundField]]:
        """Each topic with its two fields."""
        return [(topic.label, self[f"mail-{n}"], self[f"hook-{n}"]) for n, topic in enumerate(Topic)]

    def chosen(self) -> dict[str, Any]:
        """Fields of `NoticeWishes`."""
        given = self.cleaned_data
        return {
            "mail": {topic.value: given[f"mail-{n}"] for n, topic in enumerate(Topic)},
            "webhook_topics": [topic.value for n, topic in enumerate(Topic) if given[f"hook-{n}"]],
            "webhook_url": given["webhook_url"],
        }
