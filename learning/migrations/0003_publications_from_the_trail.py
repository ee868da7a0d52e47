"""Releases of before are publications by which nothing was asked of those who were done."""

from django.db import migrations


def from_the_trail(apps, schema_editor):
    event_of = apps.get_model("accounts", "AuditEvent")
    version_of = apps.get_model("courses", "ModuleVersion")
    publication_of = apps.get_model("learning", "Publication")
    modules = dict(version_of.objects.values_list("pk", "module"))
    for event in event_of.objects.filter(what="module published", publications=None).order_by("pk"):
        detail = event.detail
        if detail.get("version") not in modules:
            continue
        before, after = (
            {**detail[when], "certificates": detail[when]["completions"]} for when in ("before", "after")
        )
        publication_of.objects.create(
            module_id=modules[detail["version"]],
            version_id=detail["version"],
            replaced_id=detail.get("replaced"),
            event=event,
            at=event.at,
            policy="append",
            receipt={"before": before, "after": after, "asked": [], "given": 0},
        )


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_publications")]

    operations = [migrations.RunPython(from_the_trail, migrations.RunPython.noop)]
