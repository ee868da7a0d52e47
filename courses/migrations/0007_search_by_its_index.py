"""PostgreSQL asks the index of words, always.

Its planner counts what reading a table costs, but not what unpacking each page's words does; so for a word
that stands on most pages it would rather read and unpack them all, which takes thirty times as long.
"""

from typing import Any

from django.db import migrations

MAKE = """
CREATE FUNCTION courses_search(asked tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_seqscan = off
AS 'SELECT id FROM courses_searchentry WHERE words @@ asked'
"""


def make(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def take_back(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION courses_search(tsquery)")


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_kept_readings"),
    ]

    operations = [migrations.RunPython(make, take_back)]
