"""How fast an upload is sent, and how fast its AuroraX lets it be."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0016_more_pause_reasons'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaceCeiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=200, unique=True)),
                ('day', models.DateField()),
                ('records', models.PositiveIntegerField()),
                ('connections', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='upload',
            name='pace_connections',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='upload',
            name='pace_records',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
