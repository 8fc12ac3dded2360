"""The reference data of the desk: `data/` and the supervisor's own files, each read when it is first asked for."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.reference import codes
from callcenter.settings import FRESH_HOURS

if TYPE_CHECKING:
    from callcenter.care.calendar import Calendar
    from callcenter.care.cancellation import CancellationRule
    from callcenter.care.codes import CallType, Code, Program, RecordReason, Refusal, ShortNumber
    from callcenter.care.geography import Region
    from callcenter.care.messages import Messages
    from callcenter.care.phrases import Phrases
    from callcenter.care.programs import Coverage, Service
    from callcenter.care.provider_record import ProviderRecord
    from callcenter.care.referrals import Referral
    from callcenter.care.weights import Weights
    from callcenter.language import Words
    from callcenter.text.lexicon import Area, CodedKind

OVERRIDES = ("holidays.csv", "closures.csv")
"""The files that a supervisor writes."""


class Reference:
    """Everything the rules and screens look up; codes keep the order of their files.

    The first paint needs three of the files, and neither the rules nor what reads them: every property reads its own
    when it is first looked at, and raises DataFileError at the first mistake.
    """

    def __init__(self, folder: Path, overrides: Path | None = None, fresh_hours: float = FRESH_HOURS) -> None:
        """The data files of `folder`, and those of a supervisor's `overrides` that exist.

        `fresh_hours` is after how long a confirmation of places is old.
        """
        self._folder = folder
        self._overrides = overrides
        self._fresh_hours = fresh_hours

    @cached_property
    def programs(self) -> "tuple[Program, ...]":
        """The programmes there are."""
        return codes.programs(self._folder)

    @cached_property
    def regions(self) -> "Mapping[str, Region]":
        """The si and gun, by code."""
        return codes.regions(self._folder)

    @cached_property
    def provinces(self) -> "Mapping[str, Words]":
        """The names of the provinces, by their two digits."""
        return codes.provinces(self._folder)

    @cached_property
    def reasons(self) -> "Mapping[str, Code]":
        """Why care is needed."""
        return codes.reasons(self._folder)

    @cached_property
    def refusals(self) -> "Mapping[str, Refusal]":
        """Why a provider declined, and why nobody was placed."""
        return codes.refusals(self._folder)

    @cached_property
    def choice_reasons(self) -> "Mapping[str, Code]":
        """Why another match than the first was taken."""
        return codes.choice_reasons(self._folder)

    @cached_property
    def record_reasons(self) -> "Mapping[str, RecordReason]":
        """Why somebody's record is read or erased."""
        return codes.record_reasons(self._folder)

    @cached_property
    def call_types(self) -> "Mapping[str, CallType]":
        """What a call was about."""
        return codes.call_types(self._folder)

    @cached_property
    def symptoms(self) -> "Mapping[str, Code]":
        """What a child can have."""
        return codes.symptoms(self._folder)

    @cached_property
    def abilities(self) -> "Mapping[str, Code]":
        """What a child can need, and a provider can do."""
        return codes.abilities(self._folder)

    @cached_property
    def short_numbers(self) -> "tuple[ShortNumber, ...]":
        """Numbers dialled as they stand."""
        return codes.short_numbers(self._folder)

    @cached_property
    def services(self) -> "Mapping[str, Service]":
        """The services of the programmes with their rules, by identifier."""
        from callcenter.reference import rules

        return rules.services(self._folder, self.programs, self.regions)

    @cached_property
    def coverage(self) -> "Coverage":
        """Which service is offered where."""
        from callcenter.reference import rules

        return rules.coverage(self._folder, self.services, self.regions)

    @cached_property
    def providers(self) -> "tuple[ProviderRecord, ...]":
        """The providers that are published."""
        from callcenter.reference import rules

        return rules.providers(self._folder, self.regions, self.services)

    @cached_property
    def calendar(self) -> "Calendar":
        """Holidays and closures, with the supervisor's own."""
        from callcenter.reference import rules

        return rules.calendar(self._overrides)

    @cached_property
    def phrases(self) -> "Phrases":
        """The sentences that rules are told in."""
        from callcenter.reference import rules

        return rules.phrases(self._folder)

    @cached_property
    def referrals(self) -> "tuple[Referral, ...]":
        """Where else to send a guardian."""
        from callcenter.reference import rules

        return rules.referrals(self._folder, self.symptoms, self.abilities)

    @cached_property
    def cancellations(self) -> "tuple[CancellationRule, ...]":
        """Until when a booking can be given back, and what it costs after."""
        from callcenter.reference import rules

        return rules.cancellations(self._folder, self.services)

    @cached_property
    def weights(self) -> "Weights":
        """How matches are ordered."""
        from callcenter.reference import rules

        return rules.weights(self._folder, self._fresh_hours)

    @cached_property
    def messages(self) -> "Messages":
        """The texts that are sent."""
        from callcenter.reference import rules

        return rules.messages(self._folder)

    @cached_property
    def intake_words(self) -> "Mapping[CodedKind, Mapping[str, str]]":
        """The words that a line of intake may hold, by kind, with their codes."""
        from callcenter.reference import rules

        return rules.intake_words(self._folder, self.regions, self.reasons, self.symptoms, self.abilities)

    @cached_property
    def areas(self) -> "tuple[Area, ...]":
        """The parts of regions that callers name instead of the region."""
        from callcenter.reference import rules

        return rules.areas(self._folder, self.regions)

    def read_all(self) -> None:
        """Read every file that was not read yet. Raises DataFileError at the first mistake."""
        for name, found in vars(Reference).items():
            if isinstance(found, cached_property):
                getattr(self, name)


def data_folder() -> Path:
    """Where the data files lie: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent / "data"


def load(folder: Path, overrides: Path | None = None, fresh_hours: float = FRESH_HOURS) -> Reference:
    """The reference data with every file read at once, see `Reference`. Raises DataFileError at the first mistake."""
    found = Reference(folder, overrides, fresh_hours)
    found.read_all()
    return found
