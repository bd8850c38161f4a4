"""Training steps of a model with LoRA pairs at all linear layers, by PyTorch and PEFT in bfloat16.

    python step.py <model folder> <batch.json> <kept | recomputed> <count>

The batch is {"ids": [[...], ...], "weights": [[...], ...]}, dialogues of equal length, so that nothing is padding.
Prints {"seconds": [...], "cpuSeconds": [...], "loss": ..., "peakGib": ...}: of each step of forward, backward and
AdamW. Processor time means something only with OMP_WAIT_POLICY=PASSIVE.
"""

import json
import resource
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def main():
    folder, batch_path, which, count = sys.argv[1:]
    with open(batch_path, encoding="utf-8") as file:
        batch = json.load(file)
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="sdpa")
    if which == "recomputed":
        model.gradient_checkpointing_enable({"use_reentrant": False})
        model.enable_input_require_grads()
    model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules=TARGETS, task_type="CAUSAL_LM"))
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4, weight_decay=0.01)
    ids = torch.tensor(batch["ids"])
    weights = torch.tensor(batch["weights"])[:, 1:]
    seconds = []
    cpu_seconds = []
    for _ in range(int(count)):
        start, cpu_start = time.perf_counter(), time.process_time()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model.get_base_model().model(ids[:, :-1], use_cache=False).last_hidden_state
            # Logits only where there is loss, as a frugal trainer would.
            chosen = weights > 0
            logits = model.get_base_model().lm_head(hidden[chosen]).float()
        loss = torch.nn.functional.cross_entropy(logits, ids[:, 1:][chosen])
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 0.5)
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(time.perf_counter() - start)
        cpu_seconds.append(time.process_time() - cpu_start)
        print(f"{which}: {seconds[-1]:.2f} s, {cpu_seconds[-1]:.2f} s of processor time", file=sys.stderr, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "loss": loss.item(), "peakGib": peak}))


main()
