"""Everything that one upload holds, side by side: what it changes, what may be published of it, and how.

A constant number of queries, whatever the number of modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from authoring import moving, renames, takebacks
from authoring.browser_changes import Lacking, each_lacks
from authoring.comparing import PageChange
from authoring.corrections import asked
from authoring.differences import Difference, differences
from authoring.forms import BatchForm, RenamedForm
from authoring.models import Upload
from authoring.path_changes import changes_of_paths
from authoring.policy_forms import ChoiceForm, TickForm
from authoring.reaching import Losses, Plan, whom
from authoring.release import Chosen
from authoring.renames import Renamed
from authoring.stranding import Stranding, stranding
from authoring.takebacks import TakesBack
from authoring.unforeseen import Accepted, lacking_accepted
from courses.models import ModuleVersion, PathVersion
from learning.policies import whom_each_asks

ROWS = 50  # pages of a module that are listed; the others are on the page that compares
OPEN_AT_MOST = 5  # changed modules that are shown unfolded

Row = ModuleVersion | PathVersion


@dataclass(slots=True)
class Line:
    """One module or path of the batch that is not what is live.

    `form` says whether and how it is published, `renamed` asks about its pages.
    A path has neither a difference nor policies.
    """

    version: ModuleVersion | PathVersion
    live: ModuleVersion | PathVersion | None
    changes: list[PageChange]
    form: TickForm
    created: bool  # False: an earlier draft holds the same, byte for byte
    difference: Difference | None = None
    lacking: list[Lacking] = field(default_factory=list)
    lacks_accepted: list[Accepted] = field(default_factory=list)
    stranding: list[Stranding] = field(default_factory=list)
    takes_back: TakesBack | None = None
    renamed: RenamedForm | None = None
    destinations: Mapping[str, ModuleVersion] = field(default_factory=dict)  # of pages that leave, by uuid
    opens_to: str = ""  # whom it opens to once all that is ticked is live
    alone: str = ""  # the same without the others, where that is somebody else

    @property
    def rows(self) -> list[tuple[PageChange, str, str]]:
        """The first pages that are not the same, with the module that they come from or go to, if any."""
        origins = self.difference.origins if self.difference else {}
        return [
            (
                change,
                origins.get(change.page.uuid, "") if change.kind == "added" else "",
                self._destination(change) if change.kind == "removed" else "",
            )
            for change in self.changes
            if change.kind != "same"
        ][:ROWS]

    @property
    def counts(self) -> dict[str, int]:
        """How many pages are added, changed and removed."""
        kinds = [change.kind for change in self.changes]
        return {kind: kinds.count(kind) for kind in ("added", "changed", "removed")}

    def _destination(self, change: PageChange) -> str:
        there = self.destinations.get(change.page.uuid)
        return there.title if there else ""

    @property
    def is_path(self) -> bool:
        """Whether it is a path."""
        return isinstance(self.version, PathVersion)


class Batch:
    """The drafts of an upload, and the form that publishes what is ticked; `sent` is that form's data.

    `none_ticked`: it is drawn so, for whoever wants few of many; `why` is the reason that was typed before.
    """

    def __init__(
        self, upload: Upload, sent: QueryDict | None = None, *, none_ticked: bool = False, why: str = ""
    ) -> None:
        self.upload, self.sent, self.none_ticked = upload, sent, none_ticked
        rows = upload.drafts.select_related(
            "version__module__published_version",
            "version__made_from",
            "path_version__path__published_version",
        ).prefetch_related(
            "version__audiences",
            "path_version__audiences",
            "path_version__path__published_version__audiences",
        )
        self.versions = [draft.row for draft in rows]
        self.created = [draft.row for draft in rows if draft.created]
        replaces = any(version.identity.published_version_id for version, _live in self.pairs)
        self.form = BatchForm(sent, initial={"why": why}, replaces=replaces)

    @property
    def pairs(self) -> list[tuple[ModuleVersion | PathVersion, ModuleVersion | PathVersion | None]]:
        """What is not live, with what is."""
        found = [(version, version.identity.published_version) for version in self.versions]
        return [(version, live) for version, live in found if live != version]

    @property
    def unchanged(self) -> list[ModuleVersion | PathVersion]:
        """What is live as it was sent."""
        return [version for version in self.versions if version.identity.published_version == version]

    @property
    def lines(self) -> list[Line]:
        """What changed, in the order of the upload."""
        return self._planned[0]

    @property
    def losses(self) -> Losses:
        """Who does not find any more what they find now, once all that is ticked is live."""
        return self._planned[1].losses

    @cached_property
    def _planned(self) -> tuple[list[Line], Plan]:
        modules = [(v, self._module(live)) for v, live in self.pairs if isinstance(v, ModuleVersion)]
        paths = [(v, live) for v, live in self.pairs if isinstance(v, PathVersion)]
        found = {line.version: line for line in [*self._of_modules(modules), *self._of_paths(paths)]}
        plan = Plan([version for version, line in found.items() if line.form.is_ticked])
        for version, line in found.items():
            line.opens_to, alone = whom(plan.after(version)), whom(plan.now(version))
            line.alone = alone if alone != line.opens_to else ""
        return [found[version] for version, _live in self.pairs], plan

    def _of_modules(self, pairs: Sequence[tuple[ModuleVersion, ModuleVersion | None]]) -> Iterator[Line]:
        found = differences(pairs)
        lacks = each_lacks([version for version, _live in pairs])
        lacks_accepted = lacking_accepted([version for version, _live in pairs])
        renamed = renames.asked(pairs)
        asks = whom_each_asks([version for version, live in pairs if live])
        homes = {
            change.page.uuid: difference.version
            for difference in found
            for change in difference.changes
            if change.kind == "added"
        }
        for (version, live), difference in zip(pairs, found, strict=True):
            form = ChoiceForm(
                self.sent,
                prefix=prefix_of(version),
                initial=self._drawn(live),
                version=version,
                live=live,
                asks=len(asks.get(version.pk, ())),
                judged=asked(live, version),
            )
            yield Line(
                version,
                live,
                difference.changes,
                form,
                version in self.created,
                difference,
                lacking=lacks[version.pk],
                lacks_accepted=lacks_accepted[version.pk],
                stranding=stranding(version),
                takes_back=takebacks.of_draft(version, lacks[version.pk]),
                renamed=self._renamed(renamed.get(version.pk, [])),
                destinations=homes,
            )

    def _of_paths(self, pairs: Sequence[tuple[PathVersion, Row | None]]) -> Iterator[Line]:
        changes = changes_of_paths(pairs)
        for version, live in pairs:
            form = TickForm(self.sent, prefix=prefix_of(version), initial=self._drawn(live))
            yield Line(version, live, changes[version.pk], form, version in self.created)

    @property
    def unfolded(self) -> bool:
        """Whether there is room to show every change at once."""
        return len(self.lines) <= OPEN_AT_MOST

    def is_valid(self) -> bool:
        """Whether what was sent can be tried; the forms say what is missing."""
        ticked = self._ticked()
        valid = all([self.form.is_valid(), *(line.form.is_valid() for line in ticked)])
        if not ticked:
            self.form.nothing_ticked()
        for line in ticked:
            if line.lacking and not line.form.cleaned_data.get("replace"):
                line.form.add_error("replace", "")
        modules = {
            v: self._module(line.live) for line in ticked if isinstance(v := line.version, ModuleVersion)
        }
        for half in moving.halves(modules):
            if half.there in self.versions:
                self.line_of(half.version).form.leaves(half.page, half.there.title)
        return valid and bool(ticked) and not any(line.form.errors for line in ticked)

    def live_meanwhile(self) -> list[Row]:
        """What was ticked when the page was drawn and is live by now: somebody was faster."""
        sent = self.sent
        return [v for v in self.unchanged if sent is not None and f"{prefix_of(v)}-tick" in sent]

    def chosen(self) -> list[Chosen]:
        """The modules that are ticked, with their policies."""
        return [
            Chosen(line.version, **line.form.chosen)
            for line in self._ticked()
            if isinstance(line.version, ModuleVersion) and isinstance(line.form, ChoiceForm)
        ]

    def paths(self) -> list[PathVersion]:
        """The paths that are ticked."""
        return [line.version for line in self._ticked() if isinstance(line.version, PathVersion)]

    def seen(self, kind: type[ModuleVersion] | type[PathVersion]) -> dict[int, int | None]:
        """What the author saw as live, by module or path."""
        return {
            line.version.identity.pk: line.form.cleaned_data["over"]
            for line in self._ticked()
            if isinstance(line.version, kind)
        }

    def line_of(self, version: ModuleVersion | PathVersion) -> Line:
        """The line of a version of the batch."""
        return next(line for line in self.lines if line.version == version)

    def _ticked(self) -> list[Line]:
        return [line for line in self.lines if line.form.is_ticked]

    def _renamed(self, asked: Sequence[Renamed]) -> RenamedForm | None:
        return RenamedForm(asked=asked, initial={"upload": self.upload.uuid}) if asked else None

    @staticmethod
    def _module(live: ModuleVersion | PathVersion | None) -> ModuleVersion | None:
        return live if isinstance(live, ModuleVersion) else None

    def _drawn(self, live: ModuleVersion | PathVersion | None) -> dict[str, Any]:
        """What a line's form says before anybody touched it."""
        return {"over": live.pk if live else None, "tick": not self.none_ticked}


def prefix_of(version: Row) -> str:
    """What the names of the fields of a version's form begin with."""
    kind = "path" if isinstance(version, PathVersion) else "module"
    return f"{kind}-{version.pk}"
