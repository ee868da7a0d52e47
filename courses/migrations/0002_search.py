import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Words come folded, cut apart by spaces: nothing but ASCII's own signs parts them (courses.search_engines).
SQLITE = (
    "CREATE VIRTUAL TABLE courses_search USING fts5(title, headings, module, text, tokenize = 'ascii', prefix = '2 3')",
)
POSTGRESQL = (
    "ALTER TABLE courses_searchentry ADD COLUMN words tsvector, ADD COLUMN names tsvector",
    # Out of the row and not compressed: it is looked into far more often than it is written.
    "ALTER TABLE courses_searchentry ALTER COLUMN words SET STORAGE EXTERNAL",
    "CREATE INDEX courses_searchentry_words ON courses_searchentry USING gin (words)",
)


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def take_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL's columns go with their table."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE courses_search")


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "section_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="courses.sectionversion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="courses.moduleversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "search entries",
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="search_entry_place_once")
                ],
            },
        ),
        migrations.RunPython(make, take_back),
    ]
