"""Forms as the portal shows them: errors beside the field and in a summary, what was typed kept."""

from typing import Any

from django import forms
from django.forms.renderers import Jinja2, TemplatesSetting

from apps.aurorax import errors


class PortalRenderer(TemplatesSetting):
    """Renders forms and fields with the portal's own templates, and widgets with Django's.

    Django has those for Jinja2 as well, which takes a quarter of the time over choices of a hundred options.
    """

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    _widgets = Jinja2()

    def get_template(self, template_name: str) -> Any:
        """The template of this name."""
        if template_name.startswith("django/forms/widgets/"):
            return self._widgets.get_template(template_name)
        return super().get_template(template_name)


class PortalForm(forms.Form):
    """A form with Tabler's classes on its widgets and no colons after its labels."""

    use_required_attribute = False  # the server explains; the browser's own bubble would hide the summary

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _css_class(field.widget))
            # With it a browser cuts what is pasted and says nothing; the server says what is too long, and by how much.
            field.widget.attrs.pop("maxlength", None)


class IdentifiersField(forms.TypedMultipleChoiceField):
    """Several data sources, by number: each a hidden field, or a box that the page draws itself."""

    def __init__(self, *, messages: dict[str, str], required: bool = True) -> None:
        widget = forms.MultipleHiddenInput
        super().__init__(
            label="Data sources", coerce=int, required=required, widget=widget, error_messages=messages
        )


LONGEST_WHY = 1_000  # characters


class WhyForm(PortalForm):
    """A form that writes something: whoever sends it may say why, which the activity keeps. It is the last of the fields."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=LONGEST_WHY,
        help_text="Kept with this change in the activity, for everybody to read.",
        error_messages={
            "max_length": f"At most {LONGEST_WHY:,} characters; this has %(show_value)d. Shorten it."
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "why"), "why"])

    @property
    def note(self) -> str:
        """What they said. Only after `is_valid()`."""
        return str(self.cleaned_data.get("why", ""))


def explain(form: forms.BaseForm, error: errors.AuroraXError) -> None:
    """Put AuroraX's refusal on the form, so that everything typed stays.

    A sign-in that has ended is raised again: the accounts middleware asks for the secret and repeats the request.
    """
    if isinstance(error, errors.NotSignedIn):
        raise error
    form.add_error(None, error.message)


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
