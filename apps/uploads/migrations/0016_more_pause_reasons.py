"""AuroraX may have accepted something, and not confirm it by showing it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0015_reports'),
    ]

    operations = [
        migrations.AlterField(
            model_name='upload',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('you', 'by hand'), ('sign-in', 'sign-in needed'), ('unavailable', 'AuroraX unavailable'), ('refused', 'AuroraX refuses it'), ('unconfirmed', 'not confirmed by AuroraX yet'), ('fault', 'a fault of the portal')], max_length=20),
        ),
    ]
