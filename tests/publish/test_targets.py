"""A release elsewhere: whole, never mixed, never changed, resumable; against a folder and a real S3 API."""

import hashlib
import json
import shutil

import boto3
import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import from_url

from incidents.errors import UserError
from incidents.publish import publish, releases
from incidents.publish.targets import upload
from incidents.reference import load


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "something",
        "AWS_REGION": "us-east-1",
    }
    client = boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        aws_access_key_id="x",
        aws_secret_access_key="y",  # noqa: S106 the server takes any
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="data")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        yield "s3://data"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def target(request, tmp_path):
    if request.param == "folder":
        return str(tmp_path / "elsewhere")
    return f"{request.getfixturevalue('s3')}/{tmp_path.name}"


@pytest.fixture
def make(linked, people, about, tmp_path):
    def release(folder="here", **changes):
        made = publish(linked(**changes), people, ["{}"], load(), about, tmp_path / folder)
        return releases.find(tmp_path / folder, made.version)

    return release


def store_of(target):
    return from_url(target) if "://" in target else obstore.store.LocalStore(target)


def read(target, key):
    return bytes(obstore.get(store_of(target), key).bytes())


def keys(target):
    return sorted(row["path"] for page in obstore.list(store_of(target)) for row in page if row["path"] != ".lock")


def test_everything_arrives_and_a_second_time_sends_nothing(make, target):
    release = make()
    done = upload(release, target)
    for row in release.manifest["files"]:
        assert hashlib.sha256(read(target, f"{release.version}/{row['path']}")).hexdigest() == row["sha256"]
    assert json.loads(read(target, "latest.json"))["version"] == release.version
    assert (done.sent, done.kept) == (len(release.manifest["files"]) - 1, 1)  # SHA256SUMS claims the version
    before = keys(target)
    assert upload(release, target).sent == 0
    assert keys(target) == before


def test_the_list_is_made_from_what_stands_there(make, target):
    first, second = make(), make(title="Another title")
    upload(second, target)
    upload(first, target)
    assert [row["version"] for row in json.loads(read(target, "releases.json"))] == [first.version, second.version]
    assert json.loads(read(target, "latest.json"))["version"] == second.version


def test_another_build_of_a_version_is_refused_and_nothing_mixes(make, target):
    ours, theirs = make(), make("there", title="A title of somebody else's")
    upload(ours, target)
    with pytest.raises(UserError, match="another build of release"):
        upload(theirs, target)
    sums = {row["path"]: row["sha256"] for row in ours.manifest["files"]}
    for path, value in sums.items():
        assert hashlib.sha256(read(target, f"{ours.version}/{path}")).hexdigest() == value


def test_a_broken_upload_shows_nothing_and_goes_on(make, target, monkeypatch):
    release = make()
    put, calls = obstore.put, []

    def breaks(store, path, *args, **kwargs):
        calls.append(path)
        if len(calls) == 9:
            raise OSError("the line went dead")
        return put(store, path, *args, **kwargs)

    monkeypatch.setattr(obstore, "put", breaks)
    with pytest.raises(UserError, match="the line went dead"):
        upload(release, target)
    assert not [key for key in keys(target) if key.endswith(("manifest.json", "releases.json", "latest.json"))]
    monkeypatch.setattr(obstore, "put", put)
    done = upload(release, target)
    assert done.kept == 8
    assert f"{release.version}/manifest.json" in keys(target)


def test_two_at_once_lose_no_release_from_the_list(make, target, monkeypatch):
    """Somebody else lists a release between our reading of the list and our writing of it."""
    ours, theirs = make(), make(title="Another title")
    head, done = obstore.head, []

    def head_while_another_publishes(store, key):
        found_error, found = None, None
        try:
            found = head(store, key)
        except FileNotFoundError as error:
            found_error = error
        if key == "latest.json" and not done and "://" in target:
            done.append(True)
            upload(theirs, target)
        if found_error:
            raise found_error
        return found

    monkeypatch.setattr(obstore, "head", head_while_another_publishes)
    upload(ours, target)
    if "://" not in target:
        upload(theirs, target)
    assert [row["version"] for row in json.loads(read(target, "releases.json"))] == [ours.version, theirs.version]
    assert json.loads(read(target, "latest.json"))["version"] == theirs.version


def test_a_damaged_file_is_not_sent(make, target):
    release = make()
    (release.path / "csv" / "incidents.csv.gz").write_bytes(b"rot")
    with pytest.raises(UserError, match="differs from the manifest"):
        upload(release, target)
    assert f"{release.version}/manifest.json" not in keys(target)


def test_a_missing_bucket_is_told(make, s3):
    with pytest.raises(UserError, match="s3://nowhere"):
        upload(make(), "s3://nowhere/releases")


def test_a_folder_target_can_be_read_as_a_release(make, tmp_path):
    release = make()
    upload(release, str(tmp_path / "out"))
    shutil.copytree(tmp_path / "out" / release.version, tmp_path / "copy")
    assert (tmp_path / "copy" / "incidents.duckdb").exists()
