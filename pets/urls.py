"""Addresses below /<clinic>/pets/."""

from django.urls import path

from pets import views

app_name = "pets"
urlpatterns = [
    path("", views.pets, name="pets"),
    path("<int:pet_id>/", views.pet, name="pet"),
    path("<int:pet_id>/photo/", views.photo, name="photo"),
]
