from datasets.models.briefs import Brief, Hypothesis, HypothesisAttempt
from datasets.models.imports import Import, ImportFile, Upload, UploadChunk
from datasets.models.items import AttributeDefinition, Item, Occurrence
from datasets.models.labels import Label, LabelSchema, SchemaChange
from datasets.models.reports import Report
from datasets.models.sources import PopulationMargin, Source
from datasets.models.tiles import TilePyramid
from datasets.models.vectors import VECTOR_DIMENSION, Encoder, ItemVector
from datasets.models.versions import DatasetVersion, Export, VersionItem

__all__ = [
    "VECTOR_DIMENSION",
    "AttributeDefinition",
    "Brief",
    "DatasetVersion",
    "Encoder",
    "Export",
    "Hypothesis",
    "HypothesisAttempt",
    "Import",
    "ImportFile",
    "Item",
    "ItemVector",
    "Label",
    "LabelSchema",
    "Occurrence",
    "PopulationMargin",
    "Report",
    "SchemaChange",
    "Source",
    "TilePyramid",
    "Upload",
    "UploadChunk",
    "VersionItem",
]
