"""How right people are is computed when it is shown: gold and reviews come after a run has ended too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0007_looks_by_split_constraints")]
    operations = [migrations.RemoveField(model_name="run", name="human_ceiling")]
