"""Deletions wait for storage by themselves, and know who began them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deletions', '0003_deletions_are_jobs'),
    ]

    operations = [
        migrations.AddField(
            model_name='deletion',
            name='begun_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='deletion',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('you', 'by hand'), ('sign-in', 'sign-in needed'), ('unavailable', 'AuroraX unavailable'), ('storage', 'files cannot be kept just now'), ('refused', 'AuroraX refuses it'), ('unconfirmed', 'not confirmed by AuroraX yet'), ('fault', 'a fault of the portal')], max_length=20),
        ),
    ]
