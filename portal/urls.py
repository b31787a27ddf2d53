"""Every address. The words before a slash at the root are reserved: `clinics.models.RESERVED_SLUGS`."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import views

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", include("clients.root_urls")),
    path("", include("pets.root_urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("staff/account/", include("clinics.staff_urls")),
    path("staff/", admin.site.urls),
    path("<slug:clinic_slug>/", views.home, name="home"),
    path("<slug:clinic_slug>/", include("clinics.urls")),
    path("<slug:clinic_slug>/", include("clients.urls")),
    path("<slug:clinic_slug>/pets/", include("pets.urls")),
    path("<slug:clinic_slug>/bookings/", include("bookings.urls")),
    path("<slug:clinic_slug>/", include("messaging.urls")),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("demo.urls")))
