"""In the admin, what is taught and what was done is there to be read, and nothing else."""

from __future__ import annotations

import pytest

from courses.models import Module, ModuleVersion
from learning.models import Certificate, Completion, ModuleProgress, SectionProgress
from quizzes.models import Round
from tests import modules
from tests.courses.test_publishing import pass_section
from tests.personas import client_of

pytestmark = pytest.mark.django_db

READ = [Module, ModuleVersion, Round, ModuleProgress, SectionProgress, Completion, Certificate]


@pytest.mark.parametrize("model", READ, ids=lambda model: model.__name__)
def test_facts_are_read_and_never_edited(model: type[Module]):
    version = modules.a_module("Apples", {"Growing": modules.question("que1")})
    pass_section("partner", version, "Growing")
    row = model._default_manager.get()
    before = model._default_manager.values().get()
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    admin = client_of("superuser")
    assert admin.get(base).status_code == 200
    assert admin.get(base, {"q": "apples"}).status_code == 200
    assert admin.get(f"{base}{row.pk}/change/").status_code == 200
    assert admin.get(f"{base}add/").status_code == 403
    assert admin.post(f"{base}{row.pk}/change/", {"slug": "x", "passed": ""}).status_code == 403
    assert admin.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    admin.post(base, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model._default_manager.values().get() == before
