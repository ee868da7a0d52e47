from typing import Any

from django.db import migrations, models


def _listed(apps: Any, schema_editor: Any) -> None:
    uploads = apps.get_model("authoring", "Upload").objects.exclude(was="")
    for upload in uploads:
        upload.replaced = [upload.was]
        upload.save(update_fields=["replaced"])


def _named(apps: Any, schema_editor: Any) -> None:
    for upload in apps.get_model("authoring", "Upload").objects.exclude(replaced=[]):
        upload.was = upload.replaced[0]
        upload.save(update_fields=["was"])


class Migration(migrations.Migration):
    dependencies = [
        ("authoring", "0006_saves_of_drafts"),
    ]

    operations = [
        migrations.RenameField("upload", "replaced", "was"),
        migrations.AddField("upload", "replaced", models.JSONField(default=list)),
        migrations.RunPython(_listed, _named),
        migrations.RemoveField("upload", "was"),
    ]
