"""Sentences with codes: what clients get, what is kept, and that every language has words for each."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from common.said import Phrase, Said
from config.said_words import english_words

LOCALES = Path(__file__).parents[2] / "frontend/src/locales"
HOLE = re.compile(r"\{\{\s*(\w+)")


@pytest.fixture
def phrase(monkeypatch):
    monkeypatch.setattr(Phrase, "known", {})
    return lambda code, english: Phrase(code, english)


def flat(words: dict[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in words.items():
        out |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return out


def words_of(language: str) -> dict[str, str]:
    return flat(json.loads((LOCALES / language / "said.json").read_text(encoding="utf-8")))


def test_a_said_sentence_has_english_and_a_code_with_its_numbers(phrase):
    told = phrase("t.told", "{value:.1%} of {n:,}")
    audit = phrase("t.audit", "The audit said {told}.")
    said = audit(told=told(value=0.934, n=1200)) + Said.text("Ask Kim.")
    assert said.sentence == "The audit said 93.4% of 1,200. Ask Kim."
    assert said.as_json() == [
        {"code": "t.audit", "params": {"told": [{"code": "t.told", "params": {"value": 0.934, "n": 1200}}]}},
        {"code": "", "params": {}},
    ]


def test_what_was_kept_is_said_again_and_what_is_older_keeps_its_english(phrase):
    told = phrase("t.told", "{value:.1%}")
    said = phrase("t.audit", "The audit said {told}.")(told=told(value=0.5))
    kept = {"sentence": said.sentence, "said": json.loads(json.dumps(said.as_json()))}
    assert Said.stored(kept) == said
    assert Said.stored({"sentence": "Old."}) == Said.text("Old.")
    gone = {"sentence": "Gone.", "said": [{"code": "t.gone", "params": {}}]}
    assert Said.stored(gone) == Said.text("Gone.")


@pytest.mark.parametrize(
    "told",
    [
        [{"code": "t.gone", "params": {}}],
        [{"code": "", "params": {}}],
        [{"code": "t.told", "params": {"share": 0.5}}],
        [{"code": "t.told", "params": {"value": None}}],
    ],
)
def test_what_was_kept_with_a_part_that_has_changed_since_keeps_its_english(phrase, told):
    phrase("t.told", "{value:.1%}")
    phrase("t.audit", "The audit said {told}.")
    kept = {"sentence": "The audit said half.", "said": [{"code": "t.audit", "params": {"told": told}}]}
    assert Said.stored(kept) == Said.text("The audit said half.")


def test_a_phrase_refuses_a_missing_value_a_taken_code_and_a_format_no_client_knows(phrase):
    with pytest.raises(ValueError, match="needs"):
        phrase("t.one", "{n:,} items")(m=1)
    with pytest.raises(ValueError, match="two phrases"):
        phrase("t.one", "again")
    with pytest.raises(ValueError, match="format"):
        phrase("t.two", "{n:>10}")


def test_both_locales_have_words_for_every_sentence():
    expected = english_words()  # imports every module that has phrases
    assert json.loads((LOCALES / "en/said.json").read_text(encoding="utf-8")) == expected, (
        "write it anew with `python -m config.said_words`"
    )
    korean = words_of("ko")
    assert set(korean) == set(Phrase.known)
    for code, known in Phrase.known.items():
        assert set(HOLE.findall(korean[code])) == known.fields, code
