"""Addresses below /<clinic>/pets/."""

from django.urls import path

from pets.views import card_documents, cards, certificates, edit, pets, photos, removal, requests

app_name = "pets"
urlpatterns = [
    path("", pets.pets, name="pets"),
    path("add/", edit.add, name="add"),
    path("breeds/", edit.breeds, name="breeds"),
    path("<int:pet_id>/", pets.pet, name="pet"),
    path("<int:pet_id>/edit/", edit.edit, name="edit"),
    path("<int:pet_id>/delete/", removal.delete, name="delete"),
    path("<int:pet_id>/restore/", removal.restore, name="restore"),
    path("<int:pet_id>/loss/", removal.loss, name="loss"),
    path("<int:pet_id>/request/withdraw/", requests.withdraw_request, name="withdraw_request"),
    path("<int:pet_id>/request/seen/", requests.answer_seen, name="answer_seen"),
    path("<int:pet_id>/photo/", photos.photo, name="photo"),
    path("<int:pet_id>/photo/small/", photos.photo_small, name="photo_small"),
    path("<int:pet_id>/photo/progress/", photos.photo_progress, name="photo_progress"),
    path("<int:pet_id>/photo/remove/", photos.photo_remove, name="photo_remove"),
    path("<int:pet_id>/certificates/add/", certificates.certificate_add, name="certificate_add"),
    path(
        "<int:pet_id>/certificates/<int:certificate_id>/file/", certificates.certificate_file, name="certificate_file"
    ),
    path(
        "<int:pet_id>/certificates/<int:certificate_id>/withdraw/",
        certificates.certificate_withdraw,
        name="certificate_withdraw",
    ),
    path(
        "<int:pet_id>/certificates/<int:certificate_id>/seen/", certificates.certificate_seen, name="certificate_seen"
    ),
    path("<int:pet_id>/card/", cards.card, name="card"),
    path("<int:pet_id>/card/code.png", cards.card_code, name="card_code"),
    path("<int:pet_id>/card/choose/", cards.card_choose, name="card_choose"),
    path("<int:pet_id>/card/withdraw/", cards.card_withdraw, name="card_withdraw"),
    path("<int:pet_id>/card/new/", cards.card_new, name="card_new"),
    path("<int:pet_id>/card.pdf", card_documents.card_sheet, name="card_sheet"),
    path("<int:pet_id>/wallet.pdf", card_documents.card_wallet, name="card_wallet"),
    path("<int:pet_id>/card/making/<str:form>/", card_documents.card_making, name="card_making"),
]
