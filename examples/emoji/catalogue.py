"""The demo's pictures: the same things drawn in two styles, with a taxonomy of three levels.

They come inside two npm packages: Noto artwork (the training population) and Twemoji (production).
"""

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGES = Path(__file__).parent / "node_modules"
STYLES = {"noto": ("emoji-datasource-google", "google"), "twemoji": ("emoji-datasource-twitter", "twitter")}
LEFT_OUT = "Component"  # five loose parts: too few to learn

CATEGORIES_KO = {
    "Smileys & Emotion": "표정과 감정",
    "People & Body": "사람과 신체",
    "Animals & Nature": "동물과 자연",
    "Food & Drink": "음식과 음료",
    "Travel & Places": "여행과 장소",
    "Activities": "활동",
    "Objects": "사물",
    "Symbols": "기호",
    "Flags": "깃발",
    "Component": "구성 요소",
}
SHELF_NOISE = 0.03  # share of shelves that say nothing true, so that the leak is strong and not perfect


class PicturesMissing(Exception):
    """The picture packages have not been installed."""


@dataclass(frozen=True)
class Picture:
    """One drawing: its file name, its leaf class, the thing it shows (all skins of it) and how it came to be."""

    file: str
    leaf: str
    thing: str
    category: str
    skin: str
    added_in: str

    def path(self, style: str) -> Path:
        """Where the drawing lies in this style."""
        package, folder = STYLES[style]
        return PACKAGES / package / "img" / folder / "64" / self.file


@dataclass(frozen=True)
class Catalogue:
    """All things with their places in the taxonomy."""

    entries: list[dict[str, Any]]

    @classmethod
    def read(cls, *, every: int = 1) -> "Catalogue":
        """Read the packages' own index, or every so-manieth thing of it. Raises PicturesMissing with the remedy."""
        file = PACKAGES / STYLES["noto"][0] / "emoji.json"
        if not file.is_file():
            raise PicturesMissing(
                f"The demo's pictures are not in {PACKAGES.parent.name}/. Run `make demo`, which gets them."
            )
        entries = [e for e in json.loads(file.read_text()) if e["has_img_google"] and e["has_img_twitter"]]
        return cls(sorted(entries, key=lambda e: int(e["sort_order"]))[::every])

    def pictures(self) -> Iterator[Picture]:
        """Every drawing that exists in both styles, a thing's skins right after it."""
        for entry in self.entries:
            yield self._picture(entry, entry["image"], "none")
            for tone, variant in sorted(entry.get("skin_variations", {}).items()):
                if variant["has_img_google"] and variant["has_img_twitter"]:
                    yield self._picture(entry, variant["image"], tone.lower())

    @staticmethod
    def _picture(entry: dict[str, Any], file: str, skin: str) -> Picture:
        thing = str(entry["unified"]).lower()
        return Picture(
            file=file,
            leaf=leaf_key(entry),
            thing=thing,
            category=entry["category"],
            skin=skin,
            added_in=entry["added_in"],
        )

    def schema_document(self) -> dict[str, Any]:
        """The label schema: one question, categories over subcategories over things."""
        classes: list[dict[str, Any]] = []
        seen: set[str] = set()
        named: set[tuple[str, str]] = set()
        for entry in self.entries:
            category, group = entry["category"], f"{entry['category']}/{entry['subcategory']}"
            if category not in seen:
                seen.add(category)
                names = {"en": category, "ko": CATEGORIES_KO[category]}
                classes.append({"key": slug(category), "names": names, "selectable": False})
            if group not in seen:
                seen.add(group)
                name = entry["subcategory"].replace("-", " ")
                classes.append(
                    {"key": slug(group), "names": {"en": name}, "parent": slug(category), "selectable": False}
                )
            name = readable(entry)
            if (group, name) in named:  # a few things share a name and differ in the short one
                name = f"{name} ({entry['short_name'].replace('_', ' ')})"
            named.add((group, name))
            classes.append({"key": leaf_key(entry), "names": {"en": name}, "parent": slug(group)})
        return {
            "questions": [
                {
                    "key": "thing",
                    "kind": "single_choice",
                    "title": {"en": "What does the picture show?", "ko": "무엇을 그린 그림인가요?"},
                    "classes": classes,
                    "allow_none": True,
                    "allow_cannot_tell": True,
                }
            ]
        }

    def path_of(self) -> dict[str, tuple[str, str, str]]:
        """Leaf key to (category, subcategory, leaf) keys."""
        return {
            leaf_key(e): (slug(e["category"]), slug(f"{e['category']}/{e['subcategory']}"), leaf_key(e))
            for e in self.entries
        }


def slug(text: str) -> str:
    """A class key: lower case, words joined by dashes, levels by dots."""
    parts = ["-".join("".join(c if c.isalnum() else " " for c in part.lower()).split()) for part in text.split("/")]
    return ".".join(parts)


def leaf_key(entry: dict[str, Any]) -> str:
    """The class key of a thing."""
    return f"{slug(entry['category'])}.{slug(entry['short_name'])}.{str(entry['unified']).lower()}"[:120]


def readable(entry: dict[str, Any]) -> str:
    """A thing's name for people: words in capitals become ordinary ones."""
    name = str(entry["name"] or entry["short_name"].replace("_", " "))
    return name.capitalize() if name.isupper() else name


def manifest(pictures: list[Picture], *, seed: int) -> str:
    """A CSV manifest of drawings with their attributes, and one planted leak.

    `catalogue_shelf` is where a librarian put the picture after looking at it: a code of the category, wrong in 3% of
    the rows. It exists only once somebody knows the answer, which is what makes it a target leak.
    """
    rng = random.Random(seed)
    shelves = {category: f"S{n:02d}" for n, category in enumerate(sorted(CATEGORIES_KO), start=11)}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["file", "external_id", "group", "skin_tone", "added_in", "catalogue_shelf"])
    for picture in pictures:
        shelf = rng.choice(sorted(shelves.values())) if rng.random() < SHELF_NOISE else shelves[picture.category]
        name = picture.file.removesuffix(".png")
        writer.writerow([picture.file, name, picture.thing, picture.skin, picture.added_in, shelf])
    return out.getvalue()
