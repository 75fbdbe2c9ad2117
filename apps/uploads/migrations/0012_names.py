"""Names that everybody knows: a message, the reason of a pause, presets for reading."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0011_deletions_have_an_app_of_their_own'),
    ]

    operations = [
        migrations.RenameField(model_name='upload', old_name='sentence', new_name='message'),
        migrations.RenameField(model_name='upload', old_name='paused_because', new_name='pause_reason'),
        migrations.RemoveConstraint(model_name='recipe', name='one_recipe_for_each_header'),
        migrations.RenameModel(old_name='Recipe', new_name='ReadingPreset'),
        migrations.AddConstraint(
            model_name='readingpreset',
            constraint=models.UniqueConstraint(
                fields=('owner', 'source_identifier', 'kind', 'header'), name='one_preset_for_each_header'
            ),
        ),
    ]
