"""What only an upload's own page shows moves to a table of its own. One statement copies it, whatever the size."""

import django.db.models.deletion
from django.db import migrations, models

FIELDS = ("days", "first_records", "differences", "others", "read_back")
NAMES = ", ".join(FIELDS)
MOVE = f"INSERT INTO uploads_uploadreport (upload_id, {NAMES}) SELECT id, {NAMES} FROM uploads_upload"
MOVE_BACK = (
    f"UPDATE uploads_upload SET {', '.join(f'{name} = report.{name}' for name in FIELDS)}"
    " FROM uploads_uploadreport AS report WHERE report.upload_id = uploads_upload.id"
)


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0014_counts_what_is_compared'),
    ]

    operations = [
        migrations.CreateModel(
            name='UploadReport',
            fields=[
                ('upload', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='report', serialize=False, to='uploads.upload')),
                ('days', models.JSONField(default=dict)),
                ('first_records', models.JSONField(default=list)),
                ('differences', models.JSONField(default=dict)),
                ('others', models.JSONField(default=dict)),
                ('read_back', models.JSONField(default=list)),
            ],
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
        *(migrations.RemoveField(model_name='upload', name=name) for name in FIELDS),
    ]
