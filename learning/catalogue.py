"""The catalogue as one person sees it: a card for each module, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from courses import access
from courses.models import ModuleVersion
from learning import pages, telling
from learning.models import Certificate
from learning.outline import Outline, Stage
from learning.record import Record, certificates_of, news_of, outline_of, records_of
from learning.since import Said
from quizzes.standing import Standing, standings


@dataclass(frozen=True, slots=True)
class Card:
    """A module on the catalogue. `state`: asked (to be completed again), not_started, under_way, done, or
    empty (nothing to take yet)."""

    uuid: str
    title: str
    description: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    url: str
    state: Stage
    percent: int | None
    minutes: int
    minutes_left: int
    done: int
    total: int
    sections: int  # that the person sees; `total` are those that count
    step_label: str
    step_url: str
    step_note: str
    said: SafeString  # how the completion reads; empty before there is one
    due: date | None  # asked again by this day
    overdue: bool  # that day is over
    certificate_url: str


def cards_for(user: User) -> list[Card]:
    """A card for each module that the user may take: what is under way first, what is done last."""
    versions = list(access.modules_for(user))
    records = records_of(user, [version.module_id for version in versions])
    drawn = [(v, r, outline_of(user, v, r)) for v in versions for r in [records.get(v.module_id, Record())]]
    checks = _standings(user, [outline for _version, _record, outline in drawn])
    certificates = {found.completion.module_id: found for found in certificates_of(user)}
    news = news_of(v.module_id for v, r, _outline in drawn if r.facts.completed_at is not None)
    told = [telling.said_of(v, o, r, news.get(v.module_id, [])) for v, r, o in drawn]
    cards = [
        _card(v, o, said, checks, certificates.get(v.module_id))
        for (v, _record, o), said in zip(drawn, told, strict=True)
    ]
    return sorted(
        cards, key=lambda card: ["asked", "under_way", "not_started", "done", "empty"].index(card.state)
    )


def _standings(user: User, outlines: list[Outline]) -> dict[int, Standing]:
    """The user's standings in the checks that the next steps lead to, all at once."""
    live: dict[int, int] = {}
    since: dict[int, datetime] = {}
    for outline in outlines:
        answered = outline.next is not None and outline.next.answered
        for check in outline.next.entry.checks if outline.next is not None and answered else ():
            if check.gating:
                live[check.quiz] = check.version
                if outline.since is not None:
                    since[check.quiz] = outline.since
    return standings(user, live, since=since) if live else {}


def _card(
    version: ModuleVersion,
    outline: Outline,
    said: Said | None,
    checks: dict[int, Standing],
    certificate: Certificate | None,
) -> Card:
    here = [checks[c.quiz] for c in outline.next.entry.checks if c.quiz in checks] if outline.next else []
    standing = next((s for s in here if not s.passed), None)
    step = pages.next_step(version, outline, standing=standing)
    due = said.due if said is not None else None
    return Card(
        uuid=str(version.module.uuid),
        title=version.title,
        description=version.description,
        tags=tuple(version.tags),
        categories=tuple(version.categories),
        url=pages.module_url(version),
        state=outline.stage,
        percent=outline.percent,
        minutes=sum(item.entry.minutes for item in outline.items),
        minutes_left=outline.minutes_left,
        done=outline.done,
        total=outline.total,
        sections=outline.sections,
        step_label=step.label if step else "",
        step_url=step.url if step else pages.module_url(version),
        step_note=step.note if step else "",
        said=telling.words(said) if said else SafeString(),
        due=due,
        overdue=due is not None and due < timezone.localdate(),
        certificate_url=pages.certificate_url(certificate) if certificate else "",
    )
