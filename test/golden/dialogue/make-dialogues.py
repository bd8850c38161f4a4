"""What the dialogue stage should make of the personas' chats, by a second implementation that reads their scripts itself.

python make-dialogues.py (3.11, nothing but the standard library)

Rules (docs/dialogue.md), with the limits fixed: a silence of over 30 minutes ends a session; an own message over 3 minutes
after the own one before it starts anew; a message of over 500 characters is left out and cuts; a dialogue starts with
the contact and ends with the owner; what one side sends in a row is one turn, a line each.
"""

import hashlib
import json
import math
import re
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).parent
PERSONAS = HERE.parents[2] / "personas"
GAP, BURST, LONGEST, SHOWN = 30 * 60, 3 * 60, 500, 4
SECONDS = {"s": 1, "m": 60, "h": 3600}


def utf16_length(text):
    return len(text.encode("utf-16-le")) // 2


def typing_seconds(text, line):
    return min(40, 3 + math.floor(utf16_length(text) / 5 + 0.5) + (line * 7919) % 7)


def read_chats(folder):
    """Bubbles (time, own, text) by contact."""
    chats = {}
    for file in sorted((folder / "chats").glob("*.txt"), key=lambda path: path.name):
        now, pause, contact, first = 0, 0, None, True
        for number, line in enumerate(file.read_text("utf-8").split("\n")):
            line = line.rstrip()
            if line == "" or line.startswith("#"):
                continue
            head = re.fullmatch(r"== (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) \| (.+)", line)
            if head:
                moment = datetime.strptime(f"{head[1]} {head[2]}", "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)
                now, pause, contact, first = int(moment.timestamp()), 0, head[3].strip(), True
                continue
            rest = re.fullmatch(r"\+(\d+)([smh])", line)
            if rest:
                pause += int(rest[1]) * SECONDS[rest[2]]
                continue
            text = line[2:]
            if not first:
                now += pause or typing_seconds(text, number)
            pause, first = 0, False
            chats.setdefault(contact, []).append((now, line[0] == ">", text))
    return {contact: sorted(bubbles, key=lambda bubble: bubble[0]) for contact, bubbles in chats.items()}


def stretches(bubbles):
    """Runs of bubbles between which nothing is missing and nobody fell silent."""
    runs, before = [[]], None
    for bubble in bubbles:
        time, own, text = bubble
        if before is not None and time - before[0] > GAP:
            runs.append([])
        before = bubble
        if len(text) > LONGEST:
            runs.append([])
            continue
        last = runs[-1][-1] if runs[-1] else None
        if own and last is not None and last[1] and time - last[0] > BURST:
            runs.append([])
        runs[-1].append(bubble)
    return runs


def dialogues(bubbles):
    for run in stretches(bubbles):
        sides = [own for _, own, _ in run]
        if False not in sides:
            continue
        start = sides.index(False)
        if True not in sides[start:]:
            continue
        end = len(sides) - sides[::-1].index(True)
        turns = []
        for _, own, text in run[start:end]:
            role = "assistant" if own else "user"
            if turns and turns[-1][0] == role:
                turns[-1][1] += "\n" + text
            else:
                turns.append([role, text])
        yield turns


def main():
    golden = {}
    for name in ["aze", "remy", "wren"]:
        golden[name] = {}
        for contact, bubbles in sorted(read_chats(PERSONAS / name).items()):
            made = list(dialogues(bubbles))
            replies = Counter(role for turns in made for role, _ in turns)["assistant"]
            digest = hashlib.sha256(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
            golden[name][contact] = {
                "dialogues": len(made),
                "replies": replies,
                "sha256": digest,
                "first": made[:SHOWN],
            }
    (HERE / "dialogues.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", "utf-8")


main()
