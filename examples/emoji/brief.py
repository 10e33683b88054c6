"""The demo's brief and instructions."""

SIGNED_BY = "Lena Lead (demo)"

ANSWERS = {
    "input": "A 64 pixel drawing of a thing, in any style",
    "target": "Which of nine categories the thing belongs to",
    "task_kind": "multiclass",
    "solution_today": "People file each drawing by hand",
    "fits_into_work": "The category is proposed; a person may change it",
    "latency_ms": 200,
    "device": "server",
    "connection": "always",
    "memory_mb": 500,
    "privacy": "Drawings are public; they may be kept and looked at",
    "business_success": "Half the filing work, with no more wrong files than people make",
    "target_metric": "accuracy",
    "target_value": 0.6,
    "class_of_concern": "flags",
    "false_positive_means": "A drawing is filed under Flags and must be moved",
    "false_positive_cost": 1,
    "false_negative_means": "A flag is not found where people look for it",
    "false_negative_cost": 3,
    "cost_unit": "minutes",
    "cases_per_day": 500,
    "positive_share": 0.14,
    "lifetime": 2,
    "lifetime_unit": "years",
    "sensitivity": "public",
    "explanations": "helpful",
    "target_is": "fact",
    "who_is_harmed": "Nobody; a wrong category costs a minute",
}

INSTRUCTIONS = """Name the thing in the picture.

Press **/** and type a few letters of its name; **Enter** takes the first match. If the thing is not in the list, press
**N**. If you cannot tell, press **T**: an honest “cannot tell” is worth more than a guess.

Skin tone does not matter: every tone of a thing has the same name.
"""
