"""Pages without uuid that a draft has no more while it has a similar new one: "renamed?", and the answers.

A page without uuid is known by its path; under another name it would begin anew. So an
author says of each such pair whether it is one page, before the draft goes live. What
was answered once is remembered for every later reading of the same files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authoring import likeness
from authoring.likeness import Leaf, Pair
from authoring.models import RenameAnswer
from courses.bases import Body
from courses.models import ModuleVersion, SectionVersion
from learning.models import SectionProgress
from markup import front_matter
from markup.problems import Problems

_Bodies = Mapping[int, tuple[UUID | None, str]]  # the uuid that a page says, and its text; by the body's id


class _Page(NamedTuple):
    uuid: str
    title: str
    body: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A pair of pages that a draft asks about. `people` have records on the one that is gone.

    `answer` is what an author said of it, if anybody did.
    """

    version: ModuleVersion
    pair: Pair
    people: int
    answer: RenameAnswer | None

    @property
    def stops(self) -> bool:
        """Whether the draft cannot go live like that: nobody answered, or it does not hold the answer."""
        return self.answer is None or self.answer.same

    @property
    def percent(self) -> int:
        """How much of their words the two share."""
        return round(self.pair.share * 100)

    @property
    def told_here(self) -> str:
        """The same on a page on which the question stands."""
        told = _("%(new)s may be %(old)s renamed: the question stands above. Answer it first, then publish.")
        if self.answer is not None:
            told = _(
                "%(new)s is %(old)s renamed, as was answered, but this draft was read without the answer. "
                "Keep the answer above once more, then publish the draft that comes of it."
            )
        return told % {"new": self.pair.new.path, "old": self.pair.gone.path}

    @property
    def told(self) -> str:
        """Why the draft does not go live, and how to mend it."""
        where = {
            "new": self.pair.new.path, "old": self.pair.gone.path, "uuid": self.pair.gone.uuid,
            "page": f"/authoring/versions/{self.version.pk}/", "n": self.people,
        }  # fmt: skip
        if self.answer is not None:
            told = _(
                "%(new)s is %(old)s renamed, as was answered, but this draft was read without the answer. "
                "Build it again on its page, %(page)s."
            )
            return told % where
        told = ngettext(
            "%(new)s may be %(old)s renamed, on which one person has records. Answer that first on the "
            "draft's page, %(page)s, or write “uuid: %(uuid)s” into %(new)s if it is the same page.",
            "%(new)s may be %(old)s renamed, on which %(n)d people have records. Answer that first on the "
            "draft's page, %(page)s, or write “uuid: %(uuid)s” into %(new)s if it is the same page.",
            self.people,
        )
        return told % where


def kept() -> dict[UUID, UUID]:
    """Who pages are that were renamed: the uuid that they say or get by their path → the one they keep."""
    return dict(RenameAnswer.objects.filter(same=True).values_list("page", "gone"))


def asked(versions: Iterable[tuple[ModuleVersion, ModuleVersion | None]]) -> dict[int, list[Renamed]]:
    """What drafts ask against what is live, by the draft's id; of a version that was ever live, nothing.

    One query where no draft lacks a page while it has a new one, else five, whatever the number of drafts.
    """
    both = [(new, live) for new, live in versions if live and new.published_at is None]
    pages = _pages({version.pk for pair in both for version in pair})
    changed = [(new, live, *_differ(pages[live.pk], pages[new.pk])) for new, live in both]
    changed = [found for found in changed if found[2] and found[3]]
    if not changed:
        return {}
    was_live = _were_live({page.uuid for *_rest, new in changed for page in new})
    bodies = _bodies({page.body for *_rest, gone, new in changed for page in (*gone, *new)})
    answers = _answers({draft.module_id for draft, *_rest in changed})
    pairs = {
        draft: _pairs(
            [_leaf(live, page, bodies) for page in gone if bodies[page.body][0] is None],
            [_leaf(draft, page, bodies) for page in new if page.uuid not in was_live],
            answers,
        )
        for draft, live, gone, new in changed
    }
    people = _people({pair.gone.uuid for found in pairs.values() for pair in found})
    return {
        draft.pk: [
            Renamed(draft, p, people.get(p.gone.uuid, 0), answers.get((p.gone.uuid, p.new.uuid)))
            for p in found
        ]
        for draft, found in pairs.items()
        if found
    }


def asked_of(version: ModuleVersion) -> list[Renamed]:
    """What one version asks."""
    return asked([(version, version.module.published_version)]).get(version.pk, [])


def _differ(was: Mapping[str, _Page], now: Mapping[str, _Page]) -> tuple[list[_Page], list[_Page]]:
    """What is gone, and what is new."""
    return (
        [page for uuid, page in was.items() if uuid not in now],
        [page for uuid, page in now.items() if uuid not in was],
    )


def _leaf(version: ModuleVersion, page: _Page, bodies: _Bodies) -> Leaf:
    path = version.package.get("pages", {}).get(page.uuid, "")
    return Leaf(page.uuid, path, page.title, bodies[page.body][1])


def _pairs(
    gone: Sequence[Leaf], new: Sequence[Leaf], answers: Mapping[tuple[str, str], RenameAnswer]
) -> list[Pair]:
    """What was answered as it was answered, then what is alike of the others."""
    was, now = {leaf.uuid: leaf for leaf in gone}, {leaf.uuid: leaf for leaf in new}
    here = {uuids: answer for uuids, answer in answers.items() if uuids[0] in was and uuids[1] in now}
    told = [likeness.pair(was[old], now[page]) for old, page in here]
    same = {uuid for uuids, answer in here.items() if answer.same for uuid in uuids}
    left = [leaf for leaf in gone if leaf.uuid not in same], [leaf for leaf in new if leaf.uuid not in same]
    return [*told, *likeness.pairs(*left, apart=here.keys())]


def _pages(versions: Collection[int]) -> dict[int, dict[str, _Page]]:
    """The sections of these versions, withdrawn ones too, in reading order; by version and uuid."""
    found: dict[int, dict[str, _Page]] = {version: {} for version in versions}
    rows = SectionVersion.objects.filter(version__in=versions)
    rows = rows.exclude(section__uuid=F("version__module__uuid")).order_by("position")
    for version, uuid, title, body in rows.values_list("version", "section__uuid", "title", "body"):
        found[version][str(uuid)] = _Page(str(uuid), title, body)
    return found


def _were_live(uuids: Collection[str]) -> set[str]:
    """Those of them that people may have met before: such a page is not new."""
    rows = SectionVersion.objects.filter(section__uuid__in=uuids, version__published_at__isnull=False)
    return {str(uuid) for uuid in rows.values_list("section__uuid", flat=True).distinct()}


def _bodies(wanted: Collection[int]) -> _Bodies:
    found = {}
    for pk, source in Body.objects.filter(pk__in=wanted).values_list("pk", "source"):
        meta, text = front_matter.read(source, file="", audiences=(), problems=Problems())
        found[pk] = meta.uuid, text
    return found


def _answers(modules: Collection[int]) -> dict[tuple[str, str], RenameAnswer]:
    rows = RenameAnswer.objects.filter(module__in=modules).select_related("by").order_by("pk")
    return {(str(answer.gone), str(answer.page)): answer for answer in rows}


def _people(uuids: Collection[str]) -> dict[str, int]:
    rows = SectionProgress.objects.filter(section__uuid__in=uuids).values("section__uuid")
    counted = rows.annotate(n=Count("user", distinct=True))
    return {str(row["section__uuid"]): row["n"] for row in counted}
