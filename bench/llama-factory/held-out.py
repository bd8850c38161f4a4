"""The mean loss of a model on given tokens, by transformers in float32.

    python held-out.py <samples.json> <model folder>...

Samples are {"ids": [...], "weights": [...]}, a weight for each id as a target. Prints a JSON array with, for each
folder, the summed weighted loss over all samples divided by the summed weights, in nats.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM


@torch.inference_mode()
def mean_loss(folder, samples):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").eval()
    loss = weight = 0.0
    for sample in samples:
        ids = torch.tensor([sample["ids"]])
        weights = torch.tensor(sample["weights"][1:], dtype=torch.float64)
        logits = model(ids[:, :-1]).logits[0].double()
        losses = torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")
        loss += (losses * weights).sum().item()
        weight += weights.sum().item()
    return loss / weight


def main():
    samples_path, *folders = sys.argv[1:]
    with open(samples_path, encoding="utf-8") as file:
        samples = json.load(file)
    print(json.dumps([mean_loss(folder, samples) for folder in folders]))


main()
