"""Deletions move out of `uploads`; their table stays as it is, and gets its new name in the next migration."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('uploads', '0010_what_others_write'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Deletion',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=20)),
                        ('source_identifier', models.IntegerField(db_index=True)),
                        ('source_name', models.CharField(max_length=250)),
                        ('start', models.DateTimeField()),
                        ('end', models.DateTimeField()),
                        ('chosen_urls', models.JSONField(default=list)),
                        ('edge_urls', models.JSONField(default=list)),
                        ('state', models.CharField(choices=[('looking', 'Looking at what is there'), ('ready', 'Waiting for a decision'), ('saving', 'Keeping a copy'), ('deleting', 'Deleting'), ('checking', 'Checking that nothing is left'), ('done', 'Deleted and checked'), ('paused', 'Paused'), ('stopped', 'Stopped: the records have changed'), ('cancelled', 'Cancelled')], default='looking', max_length=20)),
                        ('resumes_at', models.CharField(blank=True, choices=[('looking', 'Looking at what is there'), ('ready', 'Waiting for a decision'), ('saving', 'Keeping a copy'), ('deleting', 'Deleting'), ('checking', 'Checking that nothing is left'), ('done', 'Deleted and checked'), ('paused', 'Paused'), ('stopped', 'Stopped: the records have changed'), ('cancelled', 'Cancelled')], max_length=20)),
                        ('sentence', models.TextField(blank=True)),
                        ('survey', models.JSONField(default=dict)),
                        ('fingerprint', models.CharField(blank=True, max_length=64)),
                        ('snapshot', models.UUIDField(blank=True, null=True)),
                        ('left_alone', models.JSONField(default=dict)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('finished_at', models.DateTimeField(blank=True, null=True)),
                        ('leased_until', models.DateTimeField(blank=True, null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deletions', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'uploads_deletion',
                        'ordering': ('-created_at',),
                        'indexes': [models.Index(fields=['state'], name='deletion_state')],
                    },
                ),
            ],
        ),
    ]
