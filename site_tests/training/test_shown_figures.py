"""The figures in the script's prose are those of the committed record."""

import json
import math
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "docs" / "offline" / "train_cnn.py").read_text()
RECORD = json.loads((ROOT / "docs/assets/weights/cnn.json").read_text())


def test_the_epochs_shown_are_those_of_the_record() -> None:
    shown = re.findall(
        r"^# epoch +(\d+) +loss (\S+) +validation accuracy (\S+)$",
        SCRIPT,
        re.MULTILINE,
    )
    recorded = {str(epoch["epoch"]): epoch for epoch in RECORD["epochs"]}
    assert len(shown) >= 3
    assert shown[-1][0] == str(len(recorded))
    for number, loss, accuracy in shown:
        assert loss == f"{recorded[number]['loss']:.4f}"
        assert accuracy == f"{recorded[number]['validation_accuracy']:.4f}"


def test_the_test_accuracy_shown_is_that_of_the_record() -> None:
    shown = re.search(r"test accuracy (0\.\d+) of (\d+) images", SCRIPT)
    assert shown is not None
    assert shown[1] == f"{RECORD['test_accuracy']:.4f}"
    assert int(shown[2]) == RECORD["test_examples"]
    percent = re.search(
        r"gets (\d+) %\. The weights", SCRIPT.replace("\n# ", " ")
    )
    assert percent is not None
    assert int(percent[1]) == round(100 * RECORD["test_accuracy"])


def test_the_seconds_shown_are_those_of_the_record() -> None:
    shown = re.search(r"(\d+) to (\d+) seconds an epoch", SCRIPT)
    assert shown is not None
    seconds = [epoch["seconds"] for epoch in RECORD["epochs"]]
    assert int(shown[1]) == round(min(seconds))
    assert int(shown[2]) == round(max(seconds))


FNN = (ROOT / "docs" / "offline" / "train_fnn.py").read_text()
DECAYS = json.loads((ROOT / "docs/assets/results/fnn.json").read_text())


def test_the_table_of_decays_is_that_of_the_record() -> None:
    rows = re.findall(r"^# \| (0\S*) \| (.*) \|$", FNN, re.MULTILINE)
    columns = ("known_accuracy", "validation_accuracy", "test_accuracy")
    assert rows == [
        (
            f"{entry['weight_decay']:g}",
            " | ".join(f"{entry[column]:.3f}" for column in columns),
        )
        for entry in DECAYS
    ]


def test_the_words_about_decays_are_those_of_the_record() -> None:
    words = FNN.replace("\n# ", " ")
    none, little, much = DECAYS
    new = [round(1000 * entry["test_accuracy"]) for entry in DECAYS]
    forgotten = 3600 - round(3600 * much["known_accuracy"])
    assert none["known_accuracy"] == little["known_accuracy"] == 1
    assert f"and {new[0]} of the 1,000 new ones" in words
    assert f"and {new[1] - new[0]} more of the new ones" in words
    assert f"costs it {forgotten} of the 3,600 known signals" in words
    assert f"{new[1] - new[2]} of 1,000 is less than chance" in words
    share = little["test_accuracy"]
    chance = math.sqrt(1000 * share * (1 - share))
    assert f"such a count, about {chance:.0f}." in words
    assert {round(entry["seconds"]) for entry in DECAYS} == {6}
