"""The next version after a frozen one: its recipe, and the labels that came since."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from datasets.models import DatasetVersion, Label, Source
from datasets.selectors.filters import current_label, items_matching
from datasets.services.recipes import Recipe, read_recipe


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """recipe: as `freezing.request_freeze` takes it. new_labels: current labels accepted since that it takes in.

    added: names of sources of production that the recipe did not take and now does.
    """

    recipe: dict[str, Any]
    new_labels: int
    added: tuple[str, ...]


def renewal_of(version: DatasetVersion) -> Renewal:
    """The version's own recipe, opened to pictures of production that people labelled since.

    A recipe is often limited to what was collected for training. Hard samples come from production, and a version that
    left their labels out would teach the next model nothing of what this one finds hard. Other sources that the recipe
    left out stay out: somebody chose so.
    """
    recipe = read_recipe(version.project, version.recipe)
    newer = current_label(recipe.schema, recipe.question).filter(
        project=version.project, created_at__gt=version.created_at
    )
    wider, added = _opened(recipe, newer)
    taken = items_matching(version.project, wider.filter())
    return Renewal(recipe=wider.to_json(), new_labels=newer.filter(item__in=taken).count(), added=added)


def _opened(recipe: Recipe, newer: QuerySet[Label]) -> tuple[Recipe, tuple[str, ...]]:
    if not recipe.sources and not recipe.populations:
        return recipe, ()
    met = Source.objects.filter(occurrences__item__in=newer.values("item"), kind=Source.Kind.PRODUCTION).distinct()
    left_out = [
        source
        for source in met.order_by("name")
        if (source.population or not recipe.populations)  # without a population nothing can let it in
        and (
            (recipe.sources and source.name not in recipe.sources)
            or (recipe.populations and source.population not in recipe.populations)
        )
    ]
    names, populations = {one.name for one in left_out}, {one.population for one in left_out}
    wider = replace(
        recipe,
        sources=tuple(sorted({*recipe.sources, *names})) if recipe.sources else (),
        populations=tuple(sorted({*recipe.populations, *populations})) if recipe.populations else (),
    )
    return wider, tuple(sorted(names))
