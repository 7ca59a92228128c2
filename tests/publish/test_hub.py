"""A release on the Hugging Face Hub: whole, never mixed, never changed; against a server that speaks the Hub's API."""

import base64
import functools
import hashlib
import json
import threading

import flask
import pytest
from werkzeug.serving import make_server

from incidents.errors import UserError
from incidents.publish import publish, releases
from incidents.publish.targets import upload
from incidents.reference import load

huggingface_hub = pytest.importorskip("huggingface_hub")
TARGET = "hf://datasets/somebody/incidents"
REPOSITORY = "somebody/incidents"


class Hub:
    """One dataset repository: its states by commit, and the large objects sent to it."""

    def __init__(self):
        self.states, self.objects, self.batches = [{}], {}, []
        self.squashed, self.before_commit = 0, None
        self.app = flask.Flask("hub")
        api = f"/api/datasets/{REPOSITORY}"
        for rule, view, method in (
            ("/api/repos/create", self.create, "POST"),
            ("/api/validate-yaml", lambda: {"errors": [], "warnings": []}, "POST"),
            (api, self.info, "GET"),
            (f"{api}/tree/<revision>", self.tree, "GET"),
            (f"{api}/tree/<revision>/<path:folder>", self.tree, "GET"),
            (f"{api}/preupload/main", self.preupload, "POST"),
            (f"{api}/commit/main", self.commit, "POST"),
            (f"{api}/super-squash/main", self.squash, "POST"),
            (f"/datasets/{REPOSITORY}.git/info/lfs/objects/batch", self.batch, "POST"),
            ("/objects/<oid>", self.receive, "PUT"),
            (f"/datasets/{REPOSITORY}/resolve/<revision>/<path:path>", self.resolve, "GET"),
        ):
            self.app.add_url_rule(rule, f"{rule} {method}", view, methods=[method])

    @property
    def head(self):
        return self.files(-1)

    def files(self, state):
        return self.states[state]

    def sha(self, state=-1):
        return f"{range(len(self.states))[state]:040x}"

    def create(self):
        return {"url": f"{flask.request.host_url}datasets/{REPOSITORY}"}

    def info(self):
        return {"id": REPOSITORY, "sha": self.sha(), "siblings": []}

    def tree(self, revision, folder=""):
        within = f"{folder}/" if folder else ""
        found = {path: text for path, text in self.files(int(revision, 16)).items() if path.startswith(within)}
        if folder and not found:
            return flask.Response("{}", 404, {"X-Error-Code": "EntryNotFound"})
        rows = [self.entry(path, text) for path, text in found.items() if folder or "/" not in path]
        folders = {path.partition("/")[0] for path in found if "/" in path} if not folder else ()
        return flask.jsonify(rows + [{"type": "directory", "path": name, "oid": "0" * 40} for name in folders])

    def entry(self, path, text):
        oid = hashlib.sha1(f"blob {len(text)}\0".encode() + text, usedforsecurity=False).hexdigest()
        lfs = {"oid": hashlib.sha256(text).hexdigest(), "size": len(text), "pointerSize": 130}
        return {"type": "file", "path": path, "size": len(text), "oid": oid} | ({"lfs": lfs} if is_large(path) else {})

    def preupload(self):
        asked = flask.request.get_json()["files"]
        rows = [{"path": f["path"], "uploadMode": "lfs" if is_large(f["path"]) else "regular"} for f in asked]
        return {"files": [row | {"shouldIgnore": False} for row in rows]}

    def batch(self):
        wanted = flask.request.get_json()["objects"]
        missing = [o for o in wanted if o["oid"] not in self.objects]
        self.batches.append(len(missing))
        actions = {o["oid"]: {"upload": {"href": f"{flask.request.host_url}objects/{o['oid']}"}} for o in missing}
        rows = [o | ({"actions": actions[o["oid"]]} if o["oid"] in actions else {}) for o in wanted]
        return {"transfer": "basic", "objects": rows}

    def receive(self, oid):
        self.objects[oid] = flask.request.get_data()
        return {}

    def commit(self):
        if self.before_commit:
            self.before_commit()
        header, *operations = map(json.loads, flask.request.get_data().splitlines())
        if header["value"]["parentCommit"] != self.sha():
            return flask.Response(json.dumps({"error": "A commit has happened since."}), 412)
        files = dict(self.head)
        for operation in operations:
            value = operation["value"]
            if operation["key"] == "deletedFile":
                del files[value["path"]]
            else:
                content = base64.b64decode(value["content"]) if "content" in value else self.objects[value["oid"]]
                files[value["path"]] = content
        self.states.append(files)
        return {
            "commitUrl": f"{flask.request.host_url}datasets/{REPOSITORY}/commit/{self.sha()}",
            "commitOid": self.sha(),
        }

    def squash(self):
        self.squashed += 1
        return {}

    def resolve(self, revision, path):
        text = self.files(int(revision, 16)).get(path)
        if text is None:
            return flask.Response("", 404, {"X-Error-Code": "EntryNotFound"})
        headers = {
            "X-Repo-Commit": revision,
            "ETag": hashlib.sha256(text).hexdigest(),
            "Content-Length": str(len(text)),
        }
        return flask.Response(text, headers=headers)


def is_large(path):
    return path.endswith((".parquet", ".duckdb", ".gz"))


def at_our_server(monkeypatch, address):
    """What HF_ENDPOINT and HF_HUB_DISABLE_XET do in a new process."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(huggingface_hub, "HfApi", functools.partial(huggingface_hub.HfApi, endpoint=address))


@pytest.fixture
def hub(monkeypatch):
    hub = Hub()
    server = make_server("127.0.0.1", 0, hub.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    at_our_server(monkeypatch, f"http://127.0.0.1:{server.port}")
    yield hub
    server.shutdown()
    thread.join()


@pytest.fixture
def make(linked, people, about, tmp_path):
    def release(folder="here", **changes):
        made = publish(linked(**changes), people, ["{}"], load(), about, tmp_path / folder)
        return releases.find(tmp_path / folder, made.version)

    return release


def test_everything_arrives_files_first_and_a_second_time_sends_nothing(make, hub):
    release = make()
    done = upload(release, TARGET)
    first, whole = hub.states[-2:]
    for row in release.manifest["files"]:
        assert hashlib.sha256(first[f"{release.version}/{row['path']}"]).hexdigest() == row["sha256"]
    assert f"{release.version}/manifest.json" not in first
    assert whole[f"{release.version}/manifest.json"] == (release.path / "manifest.json").read_bytes()
    assert json.loads(whole["latest.json"])["version"] == release.version
    assert f"data_files: {release.version}/parquet/incidents.parquet" in whole["README.md"].decode()
    assert (done.sent, done.kept) == (len(release.manifest["files"]), 0)
    again, states = upload(release, TARGET), len(hub.states)
    assert (again.sent, len(hub.states)) == (0, states)


def test_the_list_is_made_from_what_stands_there(make, hub):
    first, second = make(), make(title="Another title")
    upload(second, TARGET)
    upload(first, TARGET)
    assert [row["version"] for row in json.loads(hub.head["releases.json"])] == [first.version, second.version]
    assert json.loads(hub.head["latest.json"])["version"] == second.version
    assert f"release {second.version}" in hub.head["README.md"].decode()


def test_another_build_of_a_version_is_refused_and_nothing_mixes(make, hub):
    ours, theirs = make(), make("there", title="A title of somebody else's")
    upload(ours, TARGET)
    before = hub.head
    with pytest.raises(UserError, match="another build of release"):
        upload(theirs, TARGET)
    assert hub.head == before


def test_who_comes_second_at_the_same_time_looks_again(make, hub):
    ours, theirs = make(), make("there", title="A title of somebody else's")

    def they_are_faster():
        hub.before_commit = None
        upload(theirs, TARGET)

    hub.before_commit = they_are_faster
    with pytest.raises(UserError, match="another build of release"):
        upload(ours, TARGET)
    sums = {row["path"]: row["sha256"] for row in theirs.manifest["files"]}
    for path, value in sums.items():
        assert hashlib.sha256(hub.head[f"{theirs.version}/{path}"]).hexdigest() == value


def test_two_releases_at_the_same_time_are_both_listed(make, hub):
    ours, theirs = make(), make(title="Another title")

    def they_are_faster():
        hub.before_commit = None
        upload(theirs, TARGET)

    hub.before_commit = they_are_faster
    upload(ours, TARGET)
    assert [row["version"] for row in json.loads(hub.head["releases.json"])] == [ours.version, theirs.version]


def test_a_broken_upload_shows_nothing_and_does_not_send_large_files_again(make, hub):
    release = make()

    def breaks():
        hub.before_commit = None
        raise OSError("the server went down")

    hub.before_commit = breaks
    with pytest.raises(UserError, match="publish again"):
        upload(release, TARGET)
    assert hub.head == {}
    sent = len(hub.objects)
    upload(release, TARGET)
    assert sent == len(hub.objects) > 0
    assert hub.batches[-1] == 0


def test_a_redacted_release_replaces_and_takes_the_history_with_it(make, hub):
    release, other = make(), make("there", title="A redacted title")
    upload(release, TARGET)
    other.manifest["redacted"] = {"at": "2026-02-01", "why": "a name"}
    (other.path / "manifest.json").write_text(json.dumps(other.manifest))
    upload(other, TARGET)
    assert hub.head[f"{release.version}/incidents.duckdb"] == (other.path / "incidents.duckdb").read_bytes()
    assert json.loads(hub.head["releases.json"])[0]["redacted"]["why"] == "a name"
    assert hub.squashed == 1


def test_a_damaged_file_is_not_sent(make, hub):
    release = make()
    (release.path / "csv" / "incidents.csv.gz").write_bytes(b"rot")
    with pytest.raises(UserError, match="differs from the manifest"):
        upload(release, TARGET)
    assert hub.head == {}


def test_a_hub_that_does_not_answer_is_told(make, monkeypatch):
    at_our_server(monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(UserError, match="hf://datasets/somebody/incidents: "):
        upload(make(), TARGET)
