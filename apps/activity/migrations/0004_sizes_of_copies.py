"""Copies are let go after a while; how much they take is counted."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activity', '0003_outcome_begun'),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshot',
            name='size',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='file',
            field=models.FileField(blank=True, upload_to='snapshots/'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='taken_at',
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now),
        ),
    ]
