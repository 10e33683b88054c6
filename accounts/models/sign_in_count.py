from django.db import models


class SignInCount(models.Model):
    """Tries to sign in under one key (an address of mail, a machine, or both) in a window of time.

    In the database, so that the limit is one limit however many web processes there are.
    """

    key = models.CharField(max_length=64, primary_key=True, db_comment="SHA-256: what strangers type is not kept")
    count = models.PositiveIntegerField()
    window_ends = models.DateTimeField(db_index=True)
