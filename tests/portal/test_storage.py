"""Where photos and papers are kept."""

import json
import os
import subprocess
import sys

import pytest

TOLD = "import json; from portal import settings; print(json.dumps(settings.STORAGES['default']))"


@pytest.mark.parametrize(
    ("variables", "backend", "options"),
    [
        ({"S3_BUCKET": ""}, "django.core.files.storage.FileSystemStorage", {}),
        (
            {"S3_BUCKET": "photos", "S3_ENDPOINT_URL": "https://s3.example", "S3_ACCESS_KEY_ID": ""},
            "storages.backends.s3.S3Storage",
            {"bucket_name": "photos", "endpoint_url": "https://s3.example", "access_key": None, "default_acl": None},
        ),
    ],
    ids=["folder", "bucket"],
)
def test_a_bucket_that_is_named_takes_the_folders_place(variables, backend, options):
    # A process of its own: settings are read once.
    env = os.environ | variables
    answer = subprocess.run([sys.executable, "-c", TOLD], env=env, capture_output=True, text=True, check=True)

    told = json.loads(answer.stdout)

    assert (told["BACKEND"], {name: told["OPTIONS"][name] for name in options}) == (backend, options)
