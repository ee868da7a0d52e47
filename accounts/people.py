"""The verbs on people: add one, import a list, say which address is theirs.

A person is added once and never changed by an import: a second run of the same
file changes nothing, and where a line differs from what is there it only says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.invitations import send_password_links
from accounts.models import Group, Organisation, Oversight, User
from accounts.people_file import Answer, Outcome, Row
from accounts.permissions import may_admin

LONGEST_NAME = 200
LONGEST_EMAIL = 254


class Role(StrEnum):
    """What a person is to the site, as the import's column says it."""

    LEARNER = "learner"
    MANAGER = "manager"
    AUTHOR = "author"
    ADMIN = "admin"


ONLY_FROM_ADMINS = {Role.AUTHOR, Role.ADMIN}


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    organisation: Organisation | None,
    group: Group | None = None,
    role: Role = Role.LEARNER,
    password: str | None = None,
    is_demo: bool = False,
    by: User | None,
) -> User:
    """A new person, with one line in the trail; `by` None is the command line. Sends no mail.

    The address counts as verified: without a password nobody gets in but who reads
    its mail and follows the link there. A manager oversees the group, or else the
    whole organisation. Raises IntegrityError when the address is taken.
    """
    user = User.objects.create_user(
        email,
        password,
        name=name,
        organisation=organisation,
        group=group,
        is_author=role is Role.AUTHOR,
        is_staff=role is Role.ADMIN,
        is_demo=is_demo,
    )
    register_address(user)
    if role is Role.MANAGER and organisation is not None:
        Oversight.objects.create(manager=user, organisation=organisation, group=group)
    detail = {
        "organisation": str(organisation or ""),
        "group": group.name if group else "",
        "role": role.value,
    }
    audit.record(by=by, what="person added", whom=user.email, detail=detail)
    return user


def register_address(user: User) -> None:
    """What `user.email` says is from now on the person's only address for signing in, and verified.

    For whoever may vouch for it: links sent to earlier addresses stop working.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@dataclass(frozen=True)
class Plan:
    """A line that can be carried out: whom to add, where, as what."""

    row: Row
    organisation: Organisation
    group: str
    new_group: bool
    role: Role

    def as_what(self) -> str:
        """The role in words, e.g. “manager of North (a new group)”."""
        group = _("%s (a new group)") % self.group if self.new_group else self.group
        if self.role is Role.MANAGER:
            return _("manager of %s") % (group or self.organisation.name)
        where = f"{self.organisation.name}, {group}" if group else self.organisation.name
        return _("%(role)s in %(where)s") % {"role": self.role.value, "where": where}


def import_people(rows: Iterable[Row | Answer], *, by: User | None, dry_run: bool) -> list[Answer]:
    """Add the people of a file (`read_people`) who are not there yet; one Answer a line, in its order.

    All or nothing: with a problem in any line, as in a dry run, nothing is written
    and no mail is sent. Else every new person gets a mail with the link to set a
    password; one that cannot be sent is told in the answer, with how to send it again,
    and undoes nothing.
    """
    with transaction.atomic():
        examined = _Examination(by).of(list(rows))
        held_back = dry_run or any(
            isinstance(found, Answer) and found.outcome is Outcome.PROBLEM for found in examined
        )
        if held_back:
            return [found if isinstance(found, Answer) else _would_add(found) for found in examined]
        added = [found if isinstance(found, Answer) else (found, _carry_out(found, by)) for found in examined]
    unsent = set(send_password_links([result[1] for result in added if not isinstance(result, Answer)]))
    return [result if isinstance(result, Answer) else _added(*result, unsent) for result in added]


def _would_add(plan: Plan) -> Answer:
    text = _("Would be added as %s.") % plan.as_what()
    return Answer(plan.row.line, Outcome.ADD, text, email=plan.row.email)


def _carry_out(plan: Plan, by: User | None) -> User:
    group = None
    if plan.group:
        group, _made = Group.objects.get_or_create(organisation=plan.organisation, name=plan.group)
    return add_person(
        email=plan.row.email,
        name=plan.row.name,
        organisation=plan.organisation,
        group=group,
        role=plan.role,
        by=by,
    )


def _added(plan: Plan, user: User, unsent: set[User]) -> Answer:
    added = _("Added as %s.") % plan.as_what()
    if user in unsent:
        text = added + " " + _("The mail with the link to set a password could not be sent.")
        return Answer(plan.row.line, Outcome.ADD, text, _send_again(), user.email)
    text = added + " " + _("A link to set a password is on its way.")
    return Answer(plan.row.line, Outcome.ADD, text, email=user.email)


def _send_again() -> str:
    # The action of the list of people (`accounts.admin`), by its name there.
    action = _("Send a link to set a password")
    return _("To send the link, tick them in the administration's list of people and choose “%s”.") % action


class _RefusedError(Exception):
    """A line that cannot be carried out: what is wrong, how to mend it."""

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.text, self.remedy = text, remedy


@dataclass
class _Examination:
    """Judges the lines of one file against what is there, in a constant number of queries."""

    by: User | None
    organisations: dict[str, Organisation] = field(default_factory=dict)
    groups: dict[tuple[int, str], tuple[str, bool]] = field(default_factory=dict)  # → name, is new
    people: dict[str, User] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    lines: dict[str, int] = field(default_factory=dict)  # address → the line that has it

    def of(self, rows: Sequence[Row | Answer]) -> list[Plan | Answer]:
        emails = [row.email for row in rows if isinstance(row, Row)]
        self.organisations = {found.name: found for found in Organisation.objects.all()}
        for group in Group.objects.all():
            self.groups[group.organisation_id, group.name.casefold()] = (group.name, False)
        people = User.objects.with_powers().select_related("group").filter(email__in=emails)
        self.people = {user.email: user for user in people}
        self.taken = set(
            EmailAddress.objects.filter(email__in=emails, verified=True).values_list("email", flat=True)
        )
        return [row if isinstance(row, Answer) else self._one(row) for row in rows]

    def _one(self, row: Row) -> Plan | Answer:
        try:
            self._check_person(row)
            if found := self.people.get(row.email):
                return _already_there(row, found)
            organisation = self._organisation(row)
            role = self._role(row)
            group, is_new = self._group(row, organisation)
            return Plan(row, organisation, group, is_new, role)
        except _RefusedError as refused:
            return Answer(row.line, Outcome.PROBLEM, refused.text, refused.remedy, row.email)

    def _check_person(self, row: Row) -> None:
        try:
            validate_email(row.email)
        except ValidationError:
            text = (
                _("“%s” is not an e-mail address.") % row.email
                if row.email
                else _("The e-mail address is missing.")
            )
            raise _RefusedError(text, _("Write it like ada@example.com.")) from None
        if len(row.email) > LONGEST_EMAIL:
            raise _RefusedError(
                _("The e-mail address is longer than 254 characters."), _("Use a shorter one.")
            )
        if row.email in self.lines:
            text = _("Line %d has the same e-mail address.") % self.lines[row.email]
            raise _RefusedError(text, _("Remove one of the two lines."))
        self.lines[row.email] = row.line
        if not 0 < len(row.name) <= LONGEST_NAME:
            text = _("The name is longer than 200 characters.") if row.name else _("The name is missing.")
            raise _RefusedError(text, _("Write it as it shall stand on certificates."))
        if row.email in self.taken and row.email not in self.people:
            text = _("Somebody on the site has this as a second e-mail address.")
            raise _RefusedError(text, _("Look for the address among the people in the administration."))

    def _organisation(self, row: Row) -> Organisation:
        found = self.organisations.get(row.organisation)
        if found is None:
            known = list(self.organisations)
            near = get_close_matches(row.organisation, known, n=1)
            if not row.organisation:
                text = _("The organisation is missing.")
            else:
                text = _("There is no organisation “%s”.") % row.organisation
            if near:
                raise _RefusedError(text, _("Did you mean “%s”?") % near[0])
            names = ", ".join(known) or _("none yet")
            remedy = _("An admin adds organisations, for they decide who sees what. There are: %s.") % names
            raise _RefusedError(text, remedy)
        if not found.is_active:
            text = _("The organisation “%s” is suspended.") % found.name
            raise _RefusedError(text, _("An admin makes it active again in the administration."))
        return found

    def _role(self, row: Row) -> Role:
        try:
            role = Role(row.role or Role.LEARNER)
        except ValueError:
            text = _("“%s” is not a role.") % row.role
            raise _RefusedError(text, _("Write one of: %s.") % ", ".join(Role)) from None
        if role in ONLY_FROM_ADMINS and self.by is not None and not may_admin(self.by):
            text = _("You cannot make somebody %s.") % role.value
            raise _RefusedError(text, _("Ask an admin to do it."))
        return role

    def _group(self, row: Row, organisation: Organisation) -> tuple[str, bool]:
        """The group's name as it is written on the site (letter case aside), and whether it is new."""
        if not row.group:
            return "", False
        if len(row.group) > LONGEST_NAME:
            raise _RefusedError(_("The group's name is longer than 200 characters."), _("Shorten it."))
        return self.groups.setdefault((organisation.pk, row.group.casefold()), (row.group, True))


def _already_there(row: Row, user: User) -> Answer:
    """Nothing to do; says in what the line differs from the person."""
    held = {
        Role.MANAGER: user.oversees_anybody,
        Role.AUTHOR: user.is_author,
        Role.ADMIN: user.is_staff,
    }
    differs = {
        _("name"): row.name != user.name,
        _("organisation"): row.organisation != str(user.organisation or ""),
        _("group"): row.group.casefold() != (user.group.name.casefold() if user.group else ""),
        _("role"): not held.get(Role(row.role), True) if row.role in set(Role) else bool(row.role),
    }
    names = ", ".join(name for name, is_so in differs.items() if is_so)
    texts, remedies = [_("Already there.")], list[str]()
    if not user.has_usable_password():
        texts, remedies = [_("Already there, has not signed in yet.")], [_send_again()]
    if names:
        texts.append(_("The file differs in: %s.") % names)
        remedies.append(_("An import changes nobody. An admin can, in the administration."))
    return Answer(row.line, Outcome.THERE, " ".join(texts), " ".join(remedies), row.email)
