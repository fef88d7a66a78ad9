"""Proofs that an e-mail address belongs to the person who typed it."""

from django.db import models
from django.utils import timezone

from common.identifiers import new_uuid


class AddressProof(models.Model):
    """A person claims an e-mail address, and proves it with a mailed code."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    address = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    code_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address
