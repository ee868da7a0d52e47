"""People, the companies they belong to, and whom they oversee.

A person *belongs to* one organisation and takes their audience from it; whom a
person *oversees* is kept apart, in `Oversight`. `AuditEvent` is the append-only
trail; its one verb is `accounts.audit.record`.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Audience(models.Model):
    """Who a page can be for. The name is the identity: authors type it under `visibility`."""

    name = models.CharField(_("name"), max_length=80, primary_key=True)
    description = models.CharField(_("description"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A company. Its audiences are its people's audiences.

    The names stand in the row itself, so that loading a person with their
    organisation, which every request does, says at once whom the gate admits.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    audiences = models.JSONField(_("audiences"), default=list, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A suspended organisation's people cannot sign in.")
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse audiences that the site does not have."""
        if not isinstance(self.audiences, list) or not all(isinstance(a, str) for a in self.audiences):
            raise ValidationError({"audiences": _("Give a list of audience names.")})
        known = set(Audience.objects.values_list("name", flat=True))
        if unknown := sorted(set(self.audiences) - known):
            raise ValidationError({"audiences": _("No such audience: %s.") % ", ".join(unknown)})


class Group(models.Model):
    """A team inside an organisation, for a manager who oversees only that team."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["organisation", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="group_once")]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    """The only ways to get at lists of people."""

    def with_powers(self) -> UserQuerySet:
        """People with their organisation and `oversees_anybody`: all a request asks, in one query."""
        oversight = Oversight.objects.filter(manager=models.OuterRef("pk"))
        people = self.select_related("organisation")
        # It fills the cached property of that name, which the type checker takes for a second one.
        return people.annotate(oversees_anybody=models.Exists(oversight))  # type: ignore[no-redef]

    def overseen_by(self, user: User | AnonymousUser) -> UserQuerySet:
        """The people whom `user` oversees: whole organisations, or groups in them; never more.

        A person without an organisation is overseen by nobody. One condition in
        SQL; the caller's own row is in it when they belong to what they oversee.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        whole = Oversight.objects.filter(manager=user, group__isnull=True)
        teams = Oversight.objects.filter(manager=user, group__isnull=False)
        return self.filter(organisation__isnull=False).filter(
            models.Q(organisation__in=whole.values("organisation"))
            | models.Q(group__in=teams.values("group"))
        )


class UserManager(BaseUserManager["User"]):
    """Makes people. The e-mail address is the sign-in name, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with this address; without a password they cannot sign in until they set one."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An admin with every power."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses differ by more than case, never by case alone."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: learner always, and author, admin or manager by what is granted to them."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("group")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A suspended person cannot sign in; their record stays.")
    )
    is_author = models.BooleanField(
        _("author"), default=False, help_text=_("May upload, preview and publish modules.")
    )
    is_staff = models.BooleanField(
        _("admin"), default=False, help_text=_("May manage people and organisations in the admin.")
    )
    is_demo = models.BooleanField(
        _("demo person"),
        default=False,
        editable=False,
        help_text=_("Made for the demo, with a password that everybody knows."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """A group must be one of the person's own organisation."""
        self.email = self.email.strip().lower()
        if self.group is not None and self.group.organisation_id != self.organisation_id:
            raise ValidationError({"group": _("This group belongs to another organisation.")})

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences of the person's organisation; nobody else's, and none without one.

        Suspending a company keeps its people out (`may_sign_in`); it does not change what was asked of them.
        """
        if self.organisation is None:
            return frozenset()
        return frozenset(self.organisation.audiences)

    @cached_property
    def oversees_anybody(self) -> bool:
        """Whether the person is a manager; `with_powers` has it answered already."""
        return self.oversees.exists()

    def get_full_name(self) -> str:
        """The name, or the address where there is none."""
        return str(self)

    def get_short_name(self) -> str:
        """As the full one: names are not taken apart."""
        return str(self)


class Oversight(models.Model):
    """`manager` oversees an organisation, or one group in it."""

    manager = models.ForeignKey(User, models.PROTECT, related_name="oversees")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="overseen")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="overseen")

    class Meta:
        verbose_name = _("oversight")
        verbose_name_plural = _("oversight")
        constraints = [
            models.UniqueConstraint(
                fields=["manager", "group"],
                condition=models.Q(group__isnull=False),
                name="oversight_of_group_once",
            ),
            models.UniqueConstraint(
                fields=["manager", "organisation"],
                condition=models.Q(group__isnull=True),
                name="oversight_of_organisation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager} → {self.group or self.organisation}"

    def clean(self) -> None:
        """A group must be one of the organisation overseen."""
        if self.group is not None and self.group.organisation_id != self.organisation_id:
            raise ValidationError({"group": _("This group belongs to another organisation.")})


class AuditEvent(models.Model):
    """One line of the trail: who did what to whom, when and why. Written once, never changed."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=80)
    whom = models.CharField(max_length=300, blank=True)
    why = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.whom}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the line. Raises TypeError on a line that is written already."""
        if self.pk is not None:
            raise TypeError("An audit event is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError, always."""
        raise TypeError("An audit event stays.")
