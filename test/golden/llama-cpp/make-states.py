"""Golden embeddings: the mean of the last hidden states that transformers gives for a tiny model in float64.

Run: python make-states.py FOLDER > states.json
  FOLDER  holds the tiny model `llama`: node test/golden/gguf/make-tiny.mjs writes them
Versions: torch 2.11.0, transformers 5.6.0.
"""
import json
import os
import sys

import torch
from transformers import AutoModel

model = AutoModel.from_pretrained(os.path.join(sys.argv[1], "llama"), dtype=torch.float64).eval()
tokens = [(7 * at * at + 31 * at + 5) % 397 for at in range(150)]
with torch.no_grad():
    mean = model(torch.tensor([tokens])).last_hidden_state[0].mean(dim=0)
json.dump({"llama": {"tokens": tokens, "mean": [round(value, 6) for value in mean.tolist()]}}, sys.stdout)
print()
