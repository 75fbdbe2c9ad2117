"""Long lists stay as quick as short ones."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sessions'),
        ('uploads', '0018_storage'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['owner', '-created_at'], name='upload_of_person'),
        ),
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['-created_at'], name='upload_by_time'),
        ),
    ]
