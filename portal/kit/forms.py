"""How forms look everywhere: `{{ form.name.as_field_group }}` gives a field in the design's markup."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Widgets are Django's own; a field and a whole form are our components."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
