"""Below /demo/, and only where PORTAL_DEMO is set."""

from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [path("messages/", views.messages, name="messages")]
