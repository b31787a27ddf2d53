"""Who most tests about pets begin with: an owner at Willow & Pine, in a browser, and a vet."""

from pathlib import Path

import pytest

from tests import factories


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """No test leaves a file where the next one finds it."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow)


@pytest.fixture
def vet(willow):
    return factories.employ(factories.create_staff(factories.create_clinic()), willow)


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client
