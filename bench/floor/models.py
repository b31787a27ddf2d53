"""What the floor's Home reads. No tenants and no walls: this is what a page costs in Django at its plainest."""

from django.contrib.auth.models import User
from django.db import models


class Client(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class Vet(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class Pet(models.Model):
    owner = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="pets")
    name = models.CharField(max_length=80)
    species = models.CharField(max_length=12)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    pet = models.ForeignKey(Pet, on_delete=models.CASCADE, related_name="appointments")
    vet = models.ForeignKey(Vet, on_delete=models.CASCADE, related_name="appointments")
    starts_at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=80)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.reason


class Message(models.Model):
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="messages")
    text = models.CharField(max_length=200)
    is_read = models.BooleanField(default=False)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.text
