"""The same form, sent twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from commitments.models import Note
from tests.factories import make_evidence
from tests.signing_in import sign_in


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_make_one(partner, officer, commitment):
    piece = make_evidence(partner, commitment, state="submitted", officer=officer)
    address = reverse("commitments:evidence-notes", args=[piece.pk])
    data = {"text": "Ask them.", "form_once": "6f0d3c38-2d0e-4a1c-9a51-2a0f3a3b8f14"}
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client, officer)
    together = Barrier(2)

    def send(client):
        together.wait()
        try:
            return client.post(address, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(send, clients)) == [302, 302]
    assert Note.objects.count() == 1
