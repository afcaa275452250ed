"""Refusals about figures."""

from __future__ import annotations

from eventsys.core.errors import DomainError


class SmallGroupSetting(DomainError):
    """The smallest group to publish is outside 3 to 10: facts ``low``, ``high``."""

    code = "small_group_setting"


class TooFewToPublish(DomainError):
    """So few people stand on the rung that nothing can be said of them in public: fact ``fewest``."""

    code = "too_few_to_publish"
