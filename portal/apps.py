"""The staff's admin, mounted at /staff/ in place of Django's default site."""

from django.contrib.admin.apps import AdminConfig


class StaffSiteConfig(AdminConfig):
    """Points `admin.site` at the site that knows about acting clinics and roles."""

    default_site = "clinics.admin_site.StaffSite"
