from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="moduleversion",
            name="package",
            field=models.JSONField(default=dict),
        ),
    ]
