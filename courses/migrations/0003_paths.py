import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_first_audiences"),
        ("courses", "0002_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="module",
            name="admits",
            field=models.ManyToManyField(blank=True, related_name="+", to="accounts.audience"),
        ),
        migrations.AddField(
            model_name="module",
            name="gate",
            field=models.JSONField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name="moduleversion",
            name="categories",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="moduleversion",
            name="tags",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="pagemedia",
            name="version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="page_media",
                to="courses.moduleversion",
            ),
        ),
        migrations.CreateModel(
            name="Path",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("slug", models.SlugField(allow_unicode=True, max_length=200, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("gate", models.JSONField(blank=True, default=None, null=True)),
                ("admits", models.ManyToManyField(blank=True, related_name="+", to="accounts.audience")),
                ("parents", models.ManyToManyField(blank=True, related_name="%(class)ss", to="courses.path")),
            ],
            options={
                "verbose_name": "path",
                "verbose_name_plural": "paths",
                "ordering": ["slug"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="module",
            name="parents",
            field=models.ManyToManyField(blank=True, related_name="%(class)ss", to="courses.path"),
        ),
        migrations.CreateModel(
            name="PathVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=300)),
                ("description", models.TextField(blank=True)),
                ("tags", models.JSONField(blank=True, default=list)),
                ("categories", models.JSONField(blank=True, default=list)),
                ("restricted", models.BooleanField(default=False)),
                ("problems", models.JSONField(default=list)),
                ("package", models.JSONField(default=dict)),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.TextField(blank=True)),
                ("entries", models.JSONField(default=list)),
                ("cards", models.BooleanField(default=True)),
                ("quiz", models.JSONField(blank=True, default=dict)),
                ("audiences", models.ManyToManyField(blank=True, related_name="+", to="accounts.audience")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.body"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "path",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="courses.path",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a path",
                "verbose_name_plural": "versions of paths",
                "ordering": ["path", "-number"],
            },
        ),
        migrations.AddField(
            model_name="path",
            name="published_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="live_for",
                to="courses.pathversion",
            ),
        ),
        migrations.AddField(
            model_name="pagemedia",
            name="path_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="page_media",
                to="courses.pathversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="pagemedia",
            constraint=models.UniqueConstraint(
                condition=models.Q(("path_version__isnull", False)),
                fields=("path_version", "media", "name"),
                name="path_media_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="pagemedia",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path_version__isnull", True), ("version__isnull", False)),
                    models.Q(
                        ("path_version__isnull", False),
                        ("section_version__isnull", True),
                        ("version__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="media_of_one_page",
            ),
        ),
        migrations.AddConstraint(
            model_name="pathversion",
            constraint=models.UniqueConstraint(fields=("path", "number"), name="path_version_number_once"),
        ),
    ]
