"""Loads an adapter with PEFT, unchanged, and prints its mean held-out loss; train.json says what it must be.

Python 3.12, torch 2.15.0, transformers 4.56.2, peft 0.21.2:
    python check-peft.py <base folder> <project folder>
The project holds dialogues.jsonl, adapter/ and train.json. Text becomes ids by the base's own tokenizer, with the
layout of ChatML written out here once more.
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base_folder, project = sys.argv[1:3]
tokenizer = AutoTokenizer.from_pretrained(base_folder)


def encode(text):
    return tokenizer.encode(text, add_special_tokens=False)


def sample(dialogue):
    """Ids and loss weights of a dialogue in ChatML; a reply's content and end mark count."""
    start, end = "<|im_start|>", "<|im_end|>"
    ids, weights = [], []

    def add(text, weight):
        new = encode(text)
        ids.extend(new)
        weights.extend([weight] * len(new))

    if dialogue["system"] is not None:
        add(f"{start}system\n{dialogue['system'].strip()}{end}\n", 0)
    for turn in dialogue["turns"]:
        add(f"{start}{turn['role']}\n", 0)
        weight = turn["weight"] if turn["role"] == "assistant" else 0
        add(turn["text"].strip(), weight)
        add(end, weight)
        add("\n", 0)
    return ids, weights


with open(f"{project}/dialogues.jsonl", encoding="utf8") as file:
    dialogues = [json.loads(line) for line in file]
held_out = [sample(d) for d in dialogues if d["split"] == "heldout"]


@torch.no_grad()
def mean_loss(model):
    total = weight_sum = 0.0
    for ids, weights in held_out:
        logits = model(torch.tensor([ids])).logits[0, :-1]
        surprise = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        total += (surprise * torch.tensor(weights[1:])).sum().item()
        weight_sum += sum(weights[1:])
    return total / weight_sum


model = AutoModelForCausalLM.from_pretrained(base_folder, torch_dtype=torch.float32).eval()
with open(f"{project}/train.json", encoding="utf8") as file:
    expected = json.load(file)["heldOutLoss"]
base_loss = mean_loss(model)
tuned_loss = mean_loss(PeftModel.from_pretrained(model, f"{project}/adapter").eval())
print(f"base  {base_loss:.6f}, train.json {expected['start']:.6f}")
print(f"tuned {tuned_loss:.6f}, train.json {expected['best']:.6f}")
if abs(base_loss - expected["start"]) > 1e-3 or abs(tuned_loss - expected["best"]) > 1e-3:
    sys.exit("they differ by more than 1e-3")
