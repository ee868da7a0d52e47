"""Which policies a version can be published with, which one fits best, and whom it would ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from accounts.models import User
from courses.documents import admits
from courses.models import ModuleVersion
from learning.growth import Grown, growth
from learning.models import Completion, Policy
from learning.outline import is_required

# From what asks most to what asks least: a policy is softened along this line.
HARDEST_FIRST = (Policy.RETRAIN, Policy.APPEND, Policy.MINOR)


def offered(live: ModuleVersion | None, new: ModuleVersion) -> dict[Policy, str]:
    """Each policy with the reason why `new` cannot be published with it over `live`; "" where it can."""
    if live is None:
        first = _("This is the module's first version: there is nobody yet whom it could ask less or more.")
        return {Policy.MINOR: first, Policy.APPEND: "", Policy.RETRAIN: first}
    grown = growth(live.toc, new.toc)
    return {Policy.MINOR: _why(grown[0]) if grown else "", Policy.APPEND: "", Policy.RETRAIN: ""}


def proposed(live: ModuleVersion | None, new: ModuleVersion) -> Policy:
    """Small corrections where nothing more is asked of anybody; else additions."""
    return Policy.APPEND if offered(live, new)[Policy.MINOR] else Policy.MINOR


def softer(policy: Policy) -> tuple[Policy, ...]:
    """The policies that ask less."""
    return HARDEST_FIRST[HARDEST_FIRST.index(policy) + 1 :]


def whom_to_ask(version: ModuleVersion) -> list[User]:
    """Of whom a new completion would be asked: everybody who has one and for whom the version has
    something to take. Whoever is suspended is among them: they are asked when they come back.
    """
    return whom_each_asks([version])[version.pk]


def whom_each_asks(versions: Collection[ModuleVersion]) -> dict[int, list[User]]:
    """`whom_to_ask` of versions of different modules, by their ids; two queries, whatever their number,
    where the versions come with their modules and audiences."""
    modules = [version.module_id for version in versions]
    having: dict[int, set[int]] = defaultdict(set)
    for module, user in Completion.objects.filter(module__in=modules).values_list("module", "user"):
        having[module].add(user)
    wanted = set().union(*having.values())
    people = User.objects.filter(pk__in=wanted).select_related("organisation").order_by("pk")
    listed = list(people)
    return {version.pk: _asked(version, listed, having[version.module_id]) for version in versions}


def _asked(version: ModuleVersion, people: Collection[User], having: Collection[int]) -> list[User]:
    names = version.audience_names
    return [user for user in people if user.pk in having and _asks(version, names, user.audiences)]


def _asks(version: ModuleVersion, names: Collection[str] | None, held: frozenset[str]) -> bool:
    if not admits(names, held, version.gate):
        return False
    required = [entry for entry in version.toc if is_required(entry, None)]
    return any(admits(entry.audiences, held, version.gate) for entry in required)


def _why(grown: Grown) -> str:
    reasons: Mapping[str, str] = {
        "added": _("“%(title)s” is asked of people of whom it was not asked before."),
        "written": _("“%(title)s” was coming soon and is written now."),
        "opened": _("“%(title)s” opens to more people."),
    }
    return reasons[grown.kind] % {"title": grown.title}
