"""Deletions moved to `apps.deletions`, and took their table with them."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('deletions', '0001_initial'),
        ('uploads', '0010_what_others_write'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='Deletion')]),
    ]
