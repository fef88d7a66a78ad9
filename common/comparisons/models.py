"""The store of comparisons. It gives no rights: the caller checks the rights to both texts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Comparison(models.Model):
    """The comparison of two sealed texts, or the request for one.

    `digest` covers the HTML of both texts, the version of the comparison and the language of its
    hidden words, so that a text rendered again is compared again. The two texts are rows of
    `text_model`. Derived: every row can be deleted and is made again on the next request.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    text_model = models.CharField(max_length=100)
    old_id = models.BigIntegerField()
    new_id = models.BigIntegerField()
    language = models.CharField(max_length=16)
    comparison_version = models.PositiveIntegerField()
    html = models.TextField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="comparison_asked"),
            models.Index(
                fields=["asked_at"], name="comparison_waiting", condition=Q(html__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text_model} {self.old_id} → {self.new_id}"
