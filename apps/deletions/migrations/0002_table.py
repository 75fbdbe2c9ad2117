"""The table is called as Django would call it, and what it says to people is a message."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('deletions', '0001_initial'),
        ('uploads', '0011_deletions_have_an_app_of_their_own'),
    ]

    operations = [
        migrations.AlterModelTable(name='deletion', table=None),
        migrations.RenameField(model_name='deletion', old_name='sentence', new_name='message'),
    ]
