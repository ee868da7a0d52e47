"""Where modules and paths stand on the site: under the name of their file, and where they stood before.

A former address leads to where its page is today, for whoever may see that. One that is in use always wins;
of several that stood at an address, the last to leave it is the one that it leads to.
"""

from __future__ import annotations

from courses.models import FormerAddress, Module, ModuleVersion, Path, PathVersion
from courses.standing import slug_of


def settle(version: ModuleVersion | PathVersion) -> None:
    """Let what is published stand under its file's name, and remember where it stood until now.

    Called in the transaction that makes the version live. Sections need nothing of this:
    their versions say where they stood.
    """
    identity = type(version.identity)._default_manager.get(pk=version.identity.pk)
    slug = free(type(identity), slug_of(version.package["root"]), beside=identity.pk)
    if slug == identity.slug:
        return
    stands: dict[str, Module | Path] = {"module" if isinstance(identity, Module) else "path": identity}
    kind = FormerAddress.objects.filter(**{f"{name}__isnull": False for name in stands})
    kind.filter(slug=identity.slug).delete()
    FormerAddress.objects.create(slug=identity.slug, **stands)
    identity.slug = slug
    identity.save(update_fields=["slug"])


def free(model: type[Module] | type[Path], slug: str, *, beside: int | None = None) -> str:
    """The slug, with the lowest number that makes it nobody else's; `beside` is the row that asks."""
    rows = model._default_manager.filter(slug__startswith=slug).values_list("slug", "pk")
    taken = {other for other, pk in rows if pk != beside}
    found, number = slug, 2
    while found in taken:
        found, number = f"{slug}-{number}", number + 1
    return found
