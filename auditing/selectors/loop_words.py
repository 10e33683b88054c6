"""What the stations of the loop say."""

from common.said import Phrase

NO_BRIEF = Phrase("home.define.empty", "Nobody has written down what the model is for.")
BRIEF = {
    "draft": Phrase("home.define.draft", "The brief is a draft; a named person has not signed it."),
    "signed": Phrase("home.define.signed", "Signed by {name}."),
    "stopped": Phrase("home.define.stopped", "Stopped by {name}."),
}

NO_ITEMS = Phrase("home.data.empty", "There are no items yet.")
ITEMS = Phrase("home.data.items", "{items:,} items from {sources:,} sources.")
REJECTED = Phrase("home.data.rejected", "{rejected:,} files were rejected.")

NO_LABELS = Phrase("home.labels.empty", "Nothing is labelled yet.")
LABELS = Phrase("home.labels.labels", "{labels:,} accepted labels; {rest}.")
WANTED = Phrase("home.labels.wanted", "{left:,} answers are still wanted")
ALL_THERE = Phrase("home.labels.all", "every wanted answer is there")
WANTED_DISPUTED = Phrase(
    "home.labels.wantedDisputed", "{left:,} answers are still wanted, {disputed:,} items are disputed"
)
ALL_DISPUTED = Phrase("home.labels.allDisputed", "every wanted answer is there, {disputed:,} items are disputed")

NO_VERSION = Phrase("home.version.empty", "No version is frozen, so nothing can be trained or cited.")
VERSION = Phrase("home.version.frozen", "{version} is frozen; {newer:,} labels are newer.")

NO_MODEL = Phrase("home.model.empty", "No model has been registered.")

NO_TRAFFIC = Phrase("home.production.empty", "No endpoint has answered anything yet.")
NOBODY_IN_CHARGE = Phrase("home.production.noModel", "No model is in charge of the endpoint.")

FIRST_AUDIT = Phrase("home.audit.first", "The first audit is waiting for answers.")
NO_AUDIT = Phrase(
    "home.audit.empty", "Production has never been audited, so nobody knows how often the model is wrong."
)
REPLACED = Phrase("home.audit.replaced", "It speaks of {model}, which does not answer any more.")
STILL_WANTED = Phrase("home.audit.wanted", "{n:,} answers are still wanted.")

NO_HARD = Phrase("home.hard.empty", "Nobody has looked for the inputs that the model finds hard.")
HARD_WAITING = Phrase("home.hard.waiting", "{n:,} hard samples were found; {waiting:,} wait for a decision.")
HARD_SENT = Phrase("home.hard.sent", "{n:,} hard samples were found; all of them were sent to people.")
