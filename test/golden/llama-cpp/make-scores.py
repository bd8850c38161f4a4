"""Golden log-probabilities: what transformers gives for the tiny models in float32.

Run: python make-scores.py FOLDER > scores.json
  FOLDER  holds the tiny models `llama` and `qwen2`: node test/golden/gguf/make-tiny.mjs writes them
Versions: torch 2.15.0, transformers 4.56.2.
"""
import json
import os
import sys

import torch
from transformers import AutoModelForCausalLM

golden = {}
for name in ["llama", "qwen2"]:
    model = AutoModelForCausalLM.from_pretrained(os.path.join(sys.argv[1], name), dtype=torch.float32).eval()
    tokens = [(7 * at * at + 31 * at + 5) % 397 for at in range(48)]
    prompt, reply = tokens[:36], tokens[36:]
    with torch.no_grad():
        scores = torch.log_softmax(model(torch.tensor([tokens])).logits[0].double(), dim=-1)
    golden[name] = {
        "prompt": prompt,
        "reply": reply,
        "scores": [scores[len(prompt) - 1 + at, token].item() for at, token in enumerate(reply)],
    }
json.dump(golden, sys.stdout, indent=1)
print()
