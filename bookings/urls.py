"""Addresses below /<clinic>/bookings/."""

from django.urls import URLPattern, path

from bookings.views import book, bookings, calendar, changes, confirm, links

app_name = "bookings"
urlpatterns: list[URLPattern] = [
    path("", bookings.bookings, name="bookings"),
    path("past/", bookings.past, name="past"),
    path("new/", book.book, name="book"),
    path("new/hold/", book.hold, name="hold"),
    path("new/confirm/", confirm.confirm, name="confirm"),
    path("<int:appointment_id>/", bookings.booking, name="booking"),
    path("<int:appointment_id>/reschedule/", changes.reschedule, name="reschedule"),
    path("<int:appointment_id>/cancel/", changes.cancel, name="cancel"),
    path("<int:appointment_id>/undo/", changes.undo, name="undo"),
    path("<int:appointment_id>/repeat/", changes.repeat, name="repeat"),
    path("<int:appointment_id>/agree/", changes.agree, name="agree"),
    path("<int:appointment_id>.ics", calendar.calendar_file, name="calendar_file"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("visit/<str:token>/", links.visit, name="visit"),
    path("visit/<str:token>.ics", links.visit_file, name="visit_file"),
]
