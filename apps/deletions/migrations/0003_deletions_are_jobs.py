"""Deletions are jobs as uploads are: with the same lease, reasons for a pause, and times to go on."""

import django.utils.timezone
from django.db import migrations, models


def free(apps, schema_editor):
    """The workers of the release before are gone: what they held for up to ten minutes is free at once."""
    deletions = apps.get_model('deletions', 'Deletion').objects
    deletions.update(lease_until=None)
    deletions.filter(state='checking').update(reads_back_since=django.utils.timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('deletions', '0002_table'),
    ]

    operations = [
        migrations.RenameField(model_name='deletion', old_name='finished_at', new_name='ended_at'),
        migrations.RenameField(model_name='deletion', old_name='leased_until', new_name='lease_until'),
        migrations.AlterField(model_name='deletion', name='ended_at', field=models.DateTimeField(null=True)),
        migrations.AlterField(model_name='deletion', name='lease_until', field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name='deletion',
            name='deleted',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='deletion',
            name='lease_holder',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name='deletion',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('you', 'by hand'), ('sign-in', 'sign-in needed'), ('unavailable', 'AuroraX unavailable'), ('refused', 'AuroraX refuses it'), ('unconfirmed', 'not confirmed by AuroraX yet'), ('fault', 'a fault of the portal')], max_length=20),
        ),
        migrations.AddField(
            model_name='deletion',
            name='progress',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='deletion',
            name='reads_back_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='deletion',
            name='retries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='deletion',
            name='retry_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='deletion',
            name='woken_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='deletion',
            name='resumes_at',
            field=models.CharField(blank=True, choices=[('looking', 'Looking at what is there'), ('ready', 'Waiting for a decision'), ('saving', 'Keeping a copy'), ('deleting', 'Deleting'), ('checking', 'Checking that nothing is left'), ('done', 'Deleted and checked'), ('paused', 'Paused'), ('stopped', 'Stopped: the records have changed'), ('cancelling', 'Cancelling: counting what was deleted'), ('cancelled', 'Cancelled')], max_length=20),
        ),
        migrations.AlterField(
            model_name='deletion',
            name='state',
            field=models.CharField(choices=[('looking', 'Looking at what is there'), ('ready', 'Waiting for a decision'), ('saving', 'Keeping a copy'), ('deleting', 'Deleting'), ('checking', 'Checking that nothing is left'), ('done', 'Deleted and checked'), ('paused', 'Paused'), ('stopped', 'Stopped: the records have changed'), ('cancelling', 'Cancelling: counting what was deleted'), ('cancelled', 'Cancelled')], default='looking', max_length=20),
        ),
        migrations.RunPython(free, migrations.RunPython.noop),
    ]
