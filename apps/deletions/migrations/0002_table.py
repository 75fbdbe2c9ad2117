"""The table is called as Django would call it."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('deletions', '0001_initial'),
        ('uploads', '0011_deletions_have_an_app_of_their_own'),
    ]

    operations = [
        migrations.AlterModelTable(name='deletion', table=None),
    ]
