"""Long lists stay as quick as short ones."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activity', '0004_sizes_of_copies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='action',
            field=models.CharField(max_length=60),
        ),
        migrations.AlterField(
            model_name='event',
            name='source_identifier',
            field=models.IntegerField(blank=True, null=True, verbose_name='data source'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['actor', '-at'], name='event_by_person'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['source_identifier', '-at'], name='event_by_source'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['action', '-at'], name='event_by_action'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['outcome', '-at'], name='event_by_outcome'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['snapshot'], name='event_by_copy'),
        ),
    ]
