"""Golden losses, gradients and steps of the trainer's options, by transformers and PEFT in float64.

Run with Python 3.11, torch 2.11.0, transformers 5.6.0, peft 0.18.1, safetensors 0.8.0:
    python make-options.py <folder of this file>
The model, the adapter's first values and the dialogues are those of make-golden.py, the llama one. Of each case the
files keep every loss and norm, and of two linear layers of the first block the gradients and the trained values.
"""

import importlib
import json
import sys

import numpy
import torch
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from safetensors.numpy import save_file

golden = importlib.import_module("make-golden")
KEPT = ("layers.0.self_attn.k_proj", "layers.0.mlp.down_proj")
STEPS = 5


def base_model():
    """The llama model of make-golden.py in float64."""
    model = golden.MODELS["llama"]().double().eval()
    model.config._attn_implementation = "eager"
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = golden.base_values(name, tuple(parameter.shape)).astype(numpy.float32)
            parameter.copy_(torch.from_numpy(values.astype(numpy.float64)))
    return model


def with_adapter(model, **options):
    """The model with an adapter of the usual first values; and its matrices by name."""
    config = LoraConfig(r=golden.RANK, lora_alpha=golden.ALPHA, target_modules=golden.TARGETS, **options)
    tuned = get_peft_model(model, config).double().eval()
    pairs = {golden.short(name): p for name, p in tuned.named_parameters() if "lora_" in name}
    with torch.no_grad():
        for name, parameter in pairs.items():
            values = golden.lora_values(name, tuple(parameter.shape)).astype(numpy.float32)
            parameter.copy_(torch.from_numpy(values.astype(numpy.float64)))
    return tuned, pairs


def uneven_samples():
    """The dialogues with a weight of its own for every token: a third 0, the others up to 4."""
    result = []
    for index, (ids, _) in enumerate(golden.samples()):
        drawn = (golden.uniform(len(ids), 700 + index) + 1) / 2
        weights = [0.0 if at == 0 or w < 1 / 3 else float(numpy.float32(4 * w * w)) for at, w in enumerate(drawn)]
        result.append((ids, weights))
    return result


# The draws of ../../../src/train/noise.ts: hashes of where they belong, so that both sides see the same.
SEED, RATE, NEFTUNE_ALPHA = 7, 0.25, 10
drawn = {"step": 0, "sample": 0}


def token_keys(length):
    """Keys of the tokens of the sample that goes through the model."""
    sample = int(golden.mix(int(golden.mix(int(golden.mix(SEED)) ^ drawn["step"])) ^ drawn["sample"]))
    return golden.mix(sample + numpy.arange(length, dtype=numpy.uint64)).astype(numpy.uint64)


def token_hashes(length, stream, count):
    """Hashes of one stream, [tokens, count]."""
    rows = golden.mix(token_keys(length) ^ numpy.uint64(golden.mix(stream))).astype(numpy.uint64)
    return golden.mix(rows[:, None] + numpy.arange(count, dtype=numpy.uint64)[None, :]).astype(numpy.uint64)


class HashedDropout(torch.nn.Module):
    """Inverted dropout; one hash serves two values, 16 bits each."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream

    def forward(self, x):
        _, length, width = x.shape
        hashes = token_hashes(length, self.stream + 1, width // 2)
        bits = numpy.stack([hashes & 0xFFFF, hashes >> 16], axis=-1).reshape(length, width)
        limit = round(RATE * 65536)
        return x * torch.from_numpy((bits >= limit) * (65536 / (65536 - limit)))


def add_dropout(model):
    """PEFT's own dropout modules, replaced; layers that read the same input have the same mask."""
    groups = [golden.TARGETS[:3], golden.TARGETS[3:4], golden.TARGETS[4:6], golden.TARGETS[6:]]
    for name, module in model.named_modules():
        if not hasattr(module, "lora_dropout"):
            continue
        layer = int(name.split(".layers.")[1].split(".")[0])
        group = next(index for index, names in enumerate(groups) if name.split(".")[-1] in names)
        module.lora_dropout["default"] = HashedDropout(layer * len(groups) + group)


def add_neftune(model):
    def noisy(module, inputs, output):
        _, length, width = output.shape
        noise = token_hashes(length, 0xFFFFFFFF, width).astype(numpy.float64) / 2**31 - 1
        return output + torch.from_numpy(noise * (NEFTUNE_ALPHA / (length * width) ** 0.5))

    model.get_input_embeddings().register_forward_hook(noisy)


def summed_loss(model, samples):
    total = torch.zeros((), dtype=torch.float64)
    for index, (ids, weights) in enumerate(samples):
        drawn["sample"] = index
        # What comes after the last token is not asked for; the trainer does not feed it, and draws nothing for it.
        logits = model(torch.tensor([ids[:-1]])).logits[0].double()
        surprise = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        total = total + (surprise * torch.tensor(weights[1:], dtype=torch.float64)).sum()
    return total


def plain_adamw(model, pairs):
    return torch.optim.AdamW(pairs.values(), **golden.ADAMW)


def loraplus_adamw(model, pairs):
    # A tenth of the rate: at sixteen times 2e-4 single signs of near-zero gradients would decide the distance.
    options = {key: value for key, value in golden.ADAMW.items() if key != "weight_decay"} | {"lr": 2e-5}
    return create_loraplus_optimizer(
        model,
        torch.optim.AdamW,
        loraplus_lr_ratio=16,
        loraplus_weight_decay=golden.ADAMW["weight_decay"],
        **options,
    )


tensors = {}


def train(case, model, pairs, samples, optimizer):
    """Some steps on all samples at once; keeps the matrices of KEPT under the case's name."""
    total_weight = sum(sum(weights) for _, weights in samples)
    losses, norms = [], []
    rate = optimizer.param_groups[0]["lr"]

    def keep(kind, values):
        for name, value in values.items():
            if any(part in name for part in KEPT):
                tensors[f"{case}.{kind}.{name}"] = value.detach().numpy().astype(numpy.float32)

    for step in range(STEPS):
        optimizer.zero_grad()
        drawn["step"] = step
        # The mean over the summed weight, as a trainer's loss is.
        loss = summed_loss(model, samples) / total_weight
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            keep("gradient", {name: p.grad for name, p in pairs.items()})
        norms.append(torch.nn.utils.clip_grad_norm_(pairs.values(), golden.CLIP).item())
        optimizer.step()
    keep("trained", pairs)
    return {"losses": losses, "gradientNorms": norms, "totalWeight": total_weight, "learningRate": rate}


torch.manual_seed(0)
report = {}
model, pairs = with_adapter(base_model(), use_rslora=True)
report["rslora"] = train("rslora", model, pairs, golden.samples(), plain_adamw(model, pairs))
model, pairs = with_adapter(base_model())
report["loraplus"] = train("loraplus", model, pairs, golden.samples(), loraplus_adamw(model, pairs))
model, pairs = with_adapter(base_model())
report["weights"] = train("weights", model, pairs, uneven_samples(), plain_adamw(model, pairs))
model, pairs = with_adapter(base_model())
add_dropout(model)
report["dropout"] = train("dropout", model, pairs, golden.samples(), plain_adamw(model, pairs))
model, pairs = with_adapter(base_model())
add_neftune(model)
report["neftune"] = train("neftune", model, pairs, golden.samples(), plain_adamw(model, pairs))
save_file(tensors, f"{sys.argv[1]}/options.safetensors")
with open(f"{sys.argv[1]}/options.json", "w") as file:
    json.dump(report, file, indent=1)
    file.write("\n")
