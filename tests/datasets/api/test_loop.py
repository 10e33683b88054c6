"""The rooms of datasets through HTTP, in the order in which a person walks through them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Job, Project, Role
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db
COUNT = 40


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def work(project: Project) -> None:
    """Do every waiting job, as the workers would."""
    while job := Job.objects.filter(project=project, state="queued").order_by("pk").first():
        assert finish(job).state == "succeeded", job.error


@pytest.fixture
def base(project: Project) -> str:
    return f"/api/v1/projects/{project.slug}"


@pytest.fixture
def schema(lead: APIClient, base: str) -> dict[str, Any]:
    body = {"name": "Animals", "document": factories.DOCUMENT}
    return ok(lead.post(f"{base}/schemas", body, format="json"), 201)


def archive() -> tuple[bytes, bytes]:
    """Cats are pale and were met in the north, dogs dark in the south; the last file is no picture."""
    out = io.BytesIO()
    lines = ["file,site,shade,label"]
    with zipfile.ZipFile(out, "w") as packed:
        for seed in range(COUNT):
            cat = seed % 2 == 0
            packed.writestr(f"{seed:02}.png", factories.picture(seed))
            lines.append(
                f"{seed:02}.png,{'north' if cat else 'south'},{200 + seed if cat else seed},{'cat' if cat else 'dog'}"
            )
        packed.writestr("broken.png", b"no picture")
    return out.getvalue(), "\n".join(lines).encode()


def upload(client: APIClient, base: str, files: dict[str, bytes]) -> list[str]:
    body = {"files": [{"name": name, "size": len(data)} for name, data in files.items()]}
    rows = ok(client.post(f"{base}/uploads", body, format="json"), 201)["uploads"]
    for row, data in zip(rows, files.values(), strict=True):
        step = max(1, len(data) // 2)
        for start in range(0, len(data), step):
            response = client.patch(
                f"{base}/uploads/{row['id']}", data[start : start + step], content_type="application/octet-stream",
                headers={"Upload-Offset": str(start)},
            )  # fmt: skip
            ok(response)
    return [row["id"] for row in rows]


@pytest.fixture
def imported(lead: APIClient, base: str, project: Project, schema: dict[str, Any]) -> dict[str, Any]:
    packed, listed = archive()
    ids = upload(lead, base, {"pictures.zip": packed, "manifest.csv": listed})
    body = {
        "source": "Browser", "population": "training", "uploads": ids, "label_schema": schema["id"],
        "question": "animal",
    }  # fmt: skip
    started = ok(lead.post(f"{base}/imports", body, format="json"), 202)
    assert started["job"]["state"] == "queued"
    work(project)
    return ok(lead.get(f"{base}/imports/{started['id']}"))


def test_an_import_through_the_browser_is_reported_file_by_file(
    lead: APIClient, base: str, imported: dict[str, Any]
) -> None:
    assert (imported["imported"], imported["rejected"], imported["job"]["state"]) == (COUNT, 1, "succeeded")
    (refused,) = ok(lead.get(f"{base}/imports/{imported['id']}/files?outcome=rejected"))["results"]
    assert (refused["name"], refused["code"]) == ("pictures.zip/broken.png", "not-an-image")
    (source,) = ok(lead.get(f"{base}/sources"))["results"]
    assert (source["population"], source["n_items"]) == ("training", COUNT)


def test_the_explorer_filters_counts_and_shows(lead: APIClient, base: str, imported: Any, schema: Any) -> None:
    ask = f"{base}/items?schema={schema['id']}&question=animal"
    page = ok(lead.get(f"{ask}&label=cat&limit=15"))
    assert len(page["results"]) == 15
    rest = ok(lead.get(f"{ask}&label=cat&limit=15&cursor={page['next']}"))
    assert (len(rest["results"]), rest["next"]) == (COUNT // 2 - 15, None)
    found = page["results"] + rest["results"]
    assert {one["labels"][0]["keys"][0] for one in found} == {"cat"}
    assert len({one["sha256"] for one in found}) == COUNT // 2
    assert len(ok(lead.get(f"{ask}&label=pet&limit=100"))["results"]) == COUNT  # a class includes those below it
    assert len(ok(lead.get(f"{base}/items?attr.shade.min=200&attr.site=north&limit=100"))["results"]) == COUNT // 2
    assert ok(lead.get(f"{base}/items?attr.site=east"))["results"] == []
    assert [one["name"] for one in ok(lead.get(f"{base}/items?name=p/07.png"))["results"]] == ["pictures.zip/07.png"]
    by_size = ok(lead.get(f"{base}/items?order=-byte_size&limit=500"))["results"]
    assert [one["byte_size"] for one in by_size] == sorted((one["byte_size"] for one in by_size), reverse=True)
    pages, cursor = [], ""
    while cursor is not None:
        part = ok(lead.get(f"{base}/items?order=-attr.shade&limit=7{cursor and f'&cursor={cursor}'}"))
        pages += [one["attributes"]["shade"] for one in part["results"]]
        cursor = part["next"]
    assert pages == sorted(pages, reverse=True)
    assert len(pages) == COUNT
    sites = [one["attributes"]["site"] for one in ok(lead.get(f"{base}/items?order=attr.site&limit=100"))["results"]]
    assert sites == ["north"] * 20 + ["south"] * 20
    facets = {
        one["name"]: one for one in ok(lead.get(f"{base}/items/facets?schema={schema['id']}&question=animal"))["facets"]
    }
    assert {one["value"]: one["count"] for one in facets["label"]["values"]} == {"cat": COUNT // 2, "dog": COUNT // 2}
    assert {one["value"]: one["count"] for one in facets["site"]["values"]} == {"north": 20, "south": 20}
    picture = lead.get(page["results"][0]["media"]["small"])
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize(
    "query",
    [
        "project__slug=x", "attr.password=1", "label=", "order=secret", "order=attr.secret", "issue=ugly",
        "split=train", "attr.shade=nan", "attr.shade.min=inf", "attr.width.max=-inf", "attr.shade.missing=perhaps",
        "labelled=perhaps",
    ],
)  # fmt: skip
def test_a_filter_that_is_not_offered_is_refused(lead: APIClient, base: str, imported: Any, query: str) -> None:
    response = lead.get(f"{base}/items?{query}")
    assert response.status_code == (200 if query == "label=" else 422), response.content


def test_the_page_of_an_item_has_its_history_and_neighbours(
    lead: APIClient, base: str, imported: Any, schema: Any
) -> None:
    sha = ok(lead.get(f"{base}/items?limit=1"))["results"][0]["sha256"]
    body = {
        "schema": schema["id"],
        "question": "animal",
        "items": [sha],
        "answer": {"choice": "cow"},
        "reason": "horns",
    }
    ok(lead.post(f"{base}/labels", body, format="json"), 201)
    item = ok(lead.get(f"{base}/items/{sha[:12]}"))
    assert [one["keys"] for one in item["history"]] == [["cow"], ["dog"]]
    assert (item["history"][0]["origin"], item["history"][1]["is_current"]) == ("review", False)
    assert item["occurrences"][0]["attributes"]["site"] == "south"
    assert item["statistics"]["megapixels"] > 0
    assert ok(lead.get(f"{base}/items/{sha}/neighbours?by=content")) == []
    assert lead.get(f"{base}/items/{'0' * 64}").status_code == 404


def test_a_version_is_previewed_frozen_exported_and_compared(
    lead: APIClient, client_of: Callable[[Role], APIClient], base: str, project: Project, imported: Any, schema: Any
) -> None:
    recipe = {"name": "animals", "schema": schema["id"], "question": "animal"}
    preview = ok(lead.post(f"{base}/versions/preview", recipe, format="json"))
    assert (preview["items"], sum(preview["splits"].values())) == (COUNT, COUNT)
    job = ok(lead.post(f"{base}/versions", recipe, format="json"), 202)
    work(project)
    result = ok(lead.get(f"{base}/jobs/{job['id']}"))["result"]
    assert (result["version"], result["created"]) == ("animals@v1", True)
    version = ok(lead.get(f"{base}/versions/animals@v1"))
    assert version["content_hash"] == result["content_hash"]
    assert "image_dataset_from_directory" in version["loading"][0]["code"]
    researcher = client_of(Role.RESEARCHER)
    export = ok(researcher.post(f"{base}/versions/animals@v1/exports", {"format": "imagefolder"}, format="json"), 202)
    assert export["url"] is None
    work(project)
    (made,) = ok(researcher.get(f"{base}/versions/animals@v1/exports"))["exports"]
    download = researcher.get(made["url"])
    data = b"".join(download.streaming_content)
    assert (len(data), zipfile.is_zipfile(io.BytesIO(data))) == (made["byte_size"], True)
    assert lead.get(made["url"]).status_code == 404  # the address is the researcher's alone
    sha = ok(lead.get(f"{base}/items?limit=1"))["results"][0]["sha256"]
    body = {"schema": schema["id"], "question": "animal", "items": [sha], "answer": {"choice": "cow"}}
    ok(lead.post(f"{base}/labels", body, format="json"), 201)
    ok(lead.post(f"{base}/versions", recipe, format="json"), 202)
    work(project)
    diff = ok(lead.get(f"{base}/versions/animals@v1/diff?to=animals@v2"))
    assert (diff["n_label_changed"], diff["label_changed"][0]["after"], diff["n_unchanged"]) == (1, "cow", COUNT - 1)
    listed = ok(lead.get(f"{base}/versions"))["results"]
    assert [(one["ref"], one["parent"]) for one in listed] == [("animals@v2", "animals@v1"), ("animals@v1", None)]


def test_the_understand_report_finds_what_was_planted(
    lead: APIClient, base: str, project: Project, imported: Any
) -> None:
    attribute = {"name": "site", "known_at_prediction": "no"}
    ok(lead.put(f"{base}/attributes", attribute, format="json"))
    assert ok(lead.get(f"{base}/understand")) == {"report": None, "running": None}
    started = ok(lead.post(f"{base}/understand", {}, format="json"), 202)
    assert ok(lead.get(f"{base}/understand"))["running"]["id"] == started["job"]["id"]
    work(project)
    report = ok(lead.get(f"{base}/understand"))["report"]
    result = report["result"]
    assert (result["n_items"], result["n_labelled"]) == (COUNT, COUNT)
    assert [(one["key"], one["count"]) for one in result["balance"]["classes"]] == [("cat", 20), ("dog", 20)]
    leaks = {one["name"]: one for one in result["leaks"]["findings"]}
    assert (leaks["site"]["judgement"], leaks["site"]["known_at_prediction"]) == ("leak", "no")
    assert leaks["shade"]["judgement"] == "leak"
    assert {"brightness_mean", "shade"} <= {one["name"] for one in result["numbers"]}
    shown = {one["sha256"] for number in result["numbers"] for one in number["outliers"]}
    assert shown <= set(report["pictures"])


def test_production_in_another_style_does_not_look_like_training(
    lead: APIClient, base: str, project: Project, imported: Any, tmp_path: Path
) -> None:
    files = {f"new-{seed}.png": factories.picture(1000 + seed, width=90, height=30) for seed in range(30)}
    ids = upload(lead, base, files)
    body = {"source": "Field", "population": "production", "uploads": ids}
    started = ok(lead.post(f"{base}/imports", body, format="json"), 202)
    work(project)
    assert ok(lead.get(f"{base}/imports/{started['id']}"))["imported"] == 30
    sides = {"reference": {"population": "training"}, "current": {"population": "production"}}
    ok(lead.post(f"{base}/represent", sides, format="json"), 202)
    work(project)
    result = ok(lead.get(f"{base}/represent"))["report"]["result"]
    assert (result["look"], result["n_reference"], result["n_current"]) == ("different", COUNT, 30)
    flagged = {one["name"] for one in result["attributes"] if one["flagged"]}
    assert {"aspect_ratio", "megapixels"} <= flagged
    same = {"reference": {"population": "training"}, "current": {"sources": ["Browser"]}}
    ok(lead.post(f"{base}/represent", same, format="json"), 202)
    work(project)
    assert ok(lead.get(f"{base}/represent"))["report"]["result"]["look"] == "alike"


def test_a_sample_that_was_drawn_by_telephone_is_told_and_weighted(
    lead: APIClient, base: str, project: Project, schema: Any
) -> None:
    """Tale T4: who had a telephone in 1948 was richer, and voted otherwise."""
    lines = ["id,telephone,label"]
    for n in range(400):  # 3 of 4 in the sample have a telephone, 1 of 4 in the population
        rich = n % 4 != 0
        votes_cat = (n % 5 != 0) if rich else (n % 20 == 0)
        lines.append(f"{n},{'yes' if rich else 'no'},{'cat' if votes_cat else 'dog'}")
    ids = upload(lead, base, {"manifest.csv": "\n".join(lines).encode()})
    body = {"source": "Poll", "uploads": ids, "label_schema": schema["id"], "question": "animal"}
    ok(lead.post(f"{base}/imports", body, format="json"), 202)
    work(project)
    margin = {"population": "voters", "attribute": "telephone", "shares": {"true": 25, "false": 75}}
    ok(lead.put(f"{base}/populations", margin, format="json"))
    ask = {
        "selection": {"sources": ["Poll"]}, "population": "voters", "schema": schema["id"], "question": "animal",
    }  # fmt: skip
    ok(lead.post(f"{base}/sampling-bias", ask, format="json"), 202)
    work(project)
    result = ok(lead.get(f"{base}/sampling-bias"))["report"]["result"]
    (telephone,) = result["attributes"]
    assert telephone["bias"]["biased"] is True
    assert "telephone" in result["verdict"]
    (cat,) = [one for one in result["label_shares"] if one["key"] == "cat"]
    truth = 0.25 * 0.8 + 0.75 * 0.2
    assert cat["unweighted"]["low"] > truth
    assert cat["weighted"]["low"] < truth < cat["weighted"]["high"]
    assert result["raking"]["size"]["effective"] < 400
    recipe = {
        "name": "voters", "schema": schema["id"], "question": "animal",
        "weights": {"population": "voters", "attributes": ["telephone"]},
    }  # fmt: skip
    preview = ok(lead.post(f"{base}/versions/preview", recipe, format="json"))
    assert preview["weights"]["size"]["effective"] == pytest.approx(result["raking"]["size"]["effective"])


def test_the_brief_is_filled_from_a_template_and_needs_a_name(lead: APIClient, base: str, project: Project) -> None:
    offered = ok(lead.get(f"{base}/brief/templates"))
    assert {one["key"] for one in offered["templates"]} == {f"P{n}" for n in range(1, 8)}
    elsewhere = [one for one in offered["task_kinds"] if one["support"] != "supported"]
    assert all(one["advice"] for one in elsewhere)
    for template in offered["templates"]:
        saved = ok(
            lead.put(f"{base}/brief", {"answers": template["answers"], "template": template["key"]}, format="json")
        )
        assert saved["brief"]["missing"] == []
    assert lead.post(f"{base}/brief/sign", {"name": " "}, format="json").status_code == 422
    signed = ok(lead.post(f"{base}/brief/sign", {"name": "Ada Kim"}, format="json"))["brief"]
    assert (signed["state"], signed["signed_name"], signed["revision"]) == ("signed", "Ada Kim", 1)
    assert lead.post(f"{base}/brief/sign", {"name": "Ada Kim"}, format="json").status_code == 409
    again = ok(lead.put(f"{base}/brief", {"answers": {"input": "Faces"}}, format="json"))
    assert (again["brief"]["revision"], again["history"][0]["state"]) == (2, "signed")
    refused = lead.post(f"{base}/brief/sign", {"name": "Ada Kim"}, format="json")
    assert (refused.status_code, "answers.target" in refused.json()["errors"]) == (422, True)
    stopped = ok(lead.post(f"{base}/brief/stop", {"name": "Ada Kim", "reason": "A prejudice."}, format="json"))["brief"]
    assert stopped["state"] == "stopped"


def test_nobody_signs_or_stops_what_somebody_else_wrote_meanwhile(lead: APIClient, base: str) -> None:
    template = ok(lead.get(f"{base}/brief/templates"))["templates"][0]
    body = {"answers": template["answers"], "template": template["key"]}
    read = ok(lead.put(f"{base}/brief", body, format="json"))["brief"]["updated_at"]
    body["answers"]["who_is_harmed"] = "Nobody, says somebody else."
    written = ok(lead.put(f"{base}/brief", body, format="json"))["brief"]["updated_at"]
    for verb in ("sign", "stop"):
        answer = lead.post(f"{base}/brief/{verb}", {"name": "Ada", "reason": "Because.", "seen": read}, format="json")
        assert answer.status_code == 409
        assert "changed the brief after you read it" in answer.json()["detail"]
    signed = ok(lead.post(f"{base}/brief/sign", {"name": "Ada", "seen": written}, format="json"))
    assert signed["brief"]["state"] == "signed"


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.RESEARCHER, Role.REVIEWER])
def test_only_leads_write(client_of: Callable[[Role], APIClient], base: str, role: Role) -> None:
    client = client_of(role)
    for method, path in (
        ("put", "brief"),
        ("post", "imports"),
        ("post", "schemas"),
        ("put", "attributes"),
        ("post", "versions"),
    ):
        assert getattr(client, method)(f"{base}/{path}", {}, format="json").status_code == 403


def test_annotators_see_classes_but_not_the_data(
    client_of: Callable[[Role], APIClient], base: str, schema: Any
) -> None:
    client = client_of(Role.ANNOTATOR)
    assert ok(client.get(f"{base}/schemas/{schema['id']}"))["document"]["questions"][0]["key"] == "animal"
    for path in ("items", "versions", "labels", "understand", "sources", "imports", "brief"):
        assert client.get(f"{base}/{path}").status_code == 403


def test_a_repeated_request_with_one_key_starts_one_import(
    lead: APIClient, base: str, tmp_path: Path, settings: Any
) -> None:
    settings.IMPORT_ROOTS = (tmp_path,)
    body = {"source": "Folder", "path": str(tmp_path)}
    answers = [
        ok(lead.post(f"{base}/imports", body, format="json", headers={"Idempotency-Key": "one"}), 202)["id"]
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(ok(lead.get(f"{base}/imports"))["results"]) == 1


def test_head_tells_where_an_upload_goes_on(lead: APIClient, base: str) -> None:
    body = {"files": [{"name": "a.png", "size": 10}]}
    (upload_row,) = ok(lead.post(f"{base}/uploads", body, format="json"), 201)["uploads"]
    address = f"{base}/uploads/{upload_row['id']}"
    octets = "application/octet-stream"
    ok(lead.patch(address, b"1234", content_type=octets, headers={"Upload-Offset": "0"}))
    assert lead.head(address)["Upload-Offset"] == "4"
    gap = lead.patch(address, b"9", content_type=octets, headers={"Upload-Offset": "9"})
    assert (gap.status_code, gap.json()["code"], gap.json()["offset"]) == (409, "upload-offset-mismatch", 4)
    assert lead.patch(address, b"{}", content_type="application/json").status_code == 422


def test_a_page_of_items_costs_the_same_whatever_its_length(
    lead: APIClient, base: str, imported: Any, django_assert_max_num_queries: Any
) -> None:
    lead.get(f"{base}/items?limit=1")
    with django_assert_max_num_queries(9):
        assert len(ok(lead.get(f"{base}/items?limit=40"))["results"]) == 40


def test_members_of_another_project_see_nothing_here(base: str, imported: Any) -> None:
    stranger = APIClient()
    stranger.force_login(factories.member(factories.project()))
    for path in ("items", "versions", "sources", "imports", "schemas", "labels", "understand", "brief", "attributes"):
        assert stranger.get(f"{base}/{path}").status_code == 404
