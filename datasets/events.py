from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class ItemsImported:
    """Items of an import are registered. Their ids lie between the two, mixed with ids of others."""

    NAME: ClassVar[str] = "ItemsImported"
    VERSION: ClassVar[int] = 1
    project_id: int
    import_id: int
    first_item_id: int
    last_item_id: int


@dataclass(frozen=True, kw_only=True)
class VersionFrozen:
    NAME: ClassVar[str] = "VersionFrozen"
    VERSION: ClassVar[int] = 1
    version_id: int
