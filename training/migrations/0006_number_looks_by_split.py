"""Number the looks that are there by the split they looked at; tell of each release which look judged it."""

from typing import Any

from django.db import migrations

UNTOLD = "Taken when looks were counted by model line."
NO_LOOK = "No look was taken: the test split had been looked at before, and a further look needs a written reason."


def number(apps: Any, schema_editor: Any) -> None:
    TestLook = apps.get_model("training", "TestLook")
    VersionItem = apps.get_model("datasets", "VersionItem")
    seen: dict[int, dict[int, int]] = {}  # by project: version that looked -> version that looked at the split first
    highest: dict[int, int] = {}
    for look in TestLook.objects.select_related("model_version__run").order_by("pk"):
        version, known = look.model_version.run.version_id, seen.setdefault(look.project_id, {})
        if version not in known:
            here = VersionItem.objects.filter(version_id=version, split="test").values("item_id")
            shared = VersionItem.objects.filter(version_id__in=list(known), split="test", item_id__in=here)
            splits = {known[one] for one in shared.order_by().values_list("version_id", flat=True).distinct()}
            known[version] = max(splits, key=lambda one: (highest[one], -one), default=version)
        first = known[version]
        highest[first] = highest.get(first, 0) + 1
        reason = look.reason or (UNTOLD if highest[first] > 1 else "")
        TestLook.objects.filter(pk=look.pk).update(split_of_id=first, number=highest[first], reason=reason)


def tell_releases(apps: Any, schema_editor: Any) -> None:
    Release, TestLook = apps.get_model("training", "EndpointRelease"), apps.get_model("training", "TestLook")
    for release in Release.objects.all():
        look = TestLook.objects.filter(model_version_id=release.model_version_id).order_by("-pk").first()
        Release.objects.filter(pk=release.pk).update(test_look=look, test_look_note="" if look else NO_LOOK)


class Migration(migrations.Migration):
    dependencies = [("training", "0005_looks_by_split")]
    operations = [
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.RunPython(tell_releases, migrations.RunPython.noop),
    ]
