"""What is kept of an upload, and since when no more; uploads wait for storage by themselves."""

from django.db import migrations, models


def at_least_the_file(apps, schema_editor):
    """What its chunks take is counted when they are packed."""
    apps.get_model('uploads', 'Upload').objects.update(stored=models.F('size'))


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0017_pace'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='let_go_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='upload',
            name='packed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='upload',
            name='stored',
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunPython(at_least_the_file, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='upload',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('you', 'by hand'), ('sign-in', 'sign-in needed'), ('unavailable', 'AuroraX unavailable'), ('storage', 'files cannot be kept just now'), ('refused', 'AuroraX refuses it'), ('unconfirmed', 'not confirmed by AuroraX yet'), ('fault', 'a fault of the portal')], max_length=20),
        ),
    ]
