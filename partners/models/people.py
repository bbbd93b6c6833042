"""People and the roles they hold."""

from functools import cached_property
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now, TruncDate
from django.utils.crypto import salted_hmac

from partners import roles
from partners.models.organisations import Organisation
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.words import choices


class UserManager(BaseUserManager["User"]):
    """Creates people. Passwords are optional: most partners sign in with an emailed code."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. The email address is the name; it is kept in small letters."""

    email = models.EmailField("email address", max_length=254, unique=True)
    name = models.CharField("full name", max_length=150)
    post = models.CharField("post, as the public reads it", max_length=100, blank=True)
    name_shown = models.BooleanField("the public may read the name", default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    erased_at = models.DateTimeField("when name and address were erased", null=True, blank=True)
    # Until when a person who needs a second step and has none may set up the first. None: an administrator has to allow it.
    second_step_until = models.DateTimeField(null=True, blank=True)
    # Sessions that began before this moment have ended (the person's second step was reported lost).
    sessions_from = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password, as everywhere in Django, and with the address, too."""
        key_salt = "partners.models.User.get_session_auth_hash"
        return salted_hmac(key_salt, f"{self.password}:{self.email}", secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def grants(self) -> list["RoleGrant"]:
        """The roles this person holds now, read once for the life of the object. Ended access leaves none."""
        if not self.is_active:
            return []
        return _GRANTS(person=self.pk)

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything that the person's roles allow somewhere, as codes of :mod:`partners.roles`."""
        return frozenset(code for grant in self.grants for code in grant.may)

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The organisations the person belongs to now, each once."""
        found = {grant.organisation_id: grant.organisation for grant in self.grants if grant.organisation}
        return [organisation for organisation in found.values() if organisation is not None]

    def has_second_step(self) -> bool:
        """Whether an authenticator app, a passkey or a security key is set up."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        return bool(Authenticator.objects.filter(user_id=self.pk, type__in=kinds).exists())

    def belongs_to(self, organisation_id: int | None) -> bool:
        """Whether the person holds a role in the organisation now."""
        return organisation_id is not None and any(grant.organisation_id == organisation_id for grant in self.grants)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Roles that people hold or held."""

    def current(self) -> "RoleGrantQuerySet":
        """Only those that are held now: not ended, and before their first day not held by the database's clock.

        So a role that comes with a seat is over on that day, even while no worker is there to end it.
        """
        today = TruncDate(Now(), tzinfo=ZoneInfo(settings.TIME_ZONE))
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=today), ended_at__isnull=True)


class RoleGrant(models.Model):
    """One role of one person, with who gave it and when it ended. Never deleted.

    A role that comes with a seat of a group names the ``appointment``, and ``until``, the first day not held, if that is
    known. The portal gives and ends it (:mod:`partners.services.seat_roles`).
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=30, choices=choices(roles.ROLES))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="role_grants", null=True, blank=True
    )
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    appointment = models.ForeignKey(
        "partners.Appointment", on_delete=models.PROTECT, related_name="role_grants", null=True, blank=True
    )
    until = models.DateField("first day not held", null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="role_within_an_organisation_or_not",
                condition=(
                    models.Q(role__in=[r.code for r in roles.ROLES if r.within], organisation__isnull=False)
                    | models.Q(role__in=[r.code for r in roles.ROLES if not r.within], organisation__isnull=True)
                    # Given before groups were organisations. It allows nothing until somebody names the group.
                    | models.Q(role__in=[r.code for r in roles.ROLES if r.within == "group"])
                ),
            ),
            models.CheckConstraint(
                name="role_ended_at_with_by",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False)
                # What comes with a seat ends by the portal's own hand once the seat is no longer held.
                | models.Q(ended_at__isnull=False, appointment__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_role_of_a_seat_has_a_last_day",
                condition=models.Q(until__isnull=True) | models.Q(appointment__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "organisation", "appointment"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="role_held_once",
            ),
        ]

    @property
    def may(self) -> frozenset[str]:
        """What the role allows where it is held. A role that needs an organisation and names none allows nothing."""
        role = roles.BY_CODE[self.role]
        if bool(role.within) != (self.organisation_id is not None):
            return frozenset()
        if role.may_for_own_strategies and self.organisation and self.organisation.leads_answer_for_strategies:
            return role.may | role.may_for_own_strategies
        return role.may

    @property
    def keeps_group(self) -> bool:
        """Whether it comes with a secretary's seat, whose holder reads and publishes what is sent to the group."""
        return self.appointment is not None and self.appointment.seat.is_secretary

    def __str__(self) -> str:
        where = f", {self.organisation}" if self.organisation else ""
        return f"{self.person}: {roles.BY_CODE[self.role].label}{where}"


_GRANTS: Final = PreparedQuery(
    lambda person: (
        RoleGrant.objects.current()
        .filter(person=person)
        .select_related("organisation", "appointment__seat")
        .order_by("id")
    )
)
