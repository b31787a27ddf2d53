"""Addresses below /<clinic>/."""

from django.urls import path

from clients.views import account, sign_in

app_name = "clients"
urlpatterns = [
    path("sign-in/", sign_in.ask, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-in/again/", sign_in.ask_again, name="ask_again"),
    path("sign-in/who/", sign_in.who, name="who"),
    path("sign-in/name/", sign_in.name, name="name"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("agree/", account.agree, name="agree"),
    path("account/", account.account, name="account"),
    path("account/messages/", account.channels, name="channels"),
    path("account/devices/<int:device_id>/end/", account.end_device, name="end_device"),
    path("account/devices/end-others/", account.end_other_devices, name="end_other_devices"),
]
