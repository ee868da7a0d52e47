from django.db import migrations

FIRST = [
    ("Employee", "People of the company that runs this site."),
    ("Partner", "People of the companies that work with it."),
]


def add_first_audiences(apps, schema_editor):
    audience = apps.get_model("accounts", "Audience")
    for name, description in FIRST:
        audience.objects.get_or_create(name=name, defaults={"description": description})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add_first_audiences, migrations.RunPython.noop)]
