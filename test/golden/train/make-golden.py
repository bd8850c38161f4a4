"""Golden gradients, surprises and AdamW steps of small models, by transformers and PEFT in float64.

Run in an empty folder with Python 3.12, torch 2.15.0, transformers 4.56.2, peft 0.21.2, safetensors 0.8.0:
    python make-golden.py <folder of this file> [<model>...]
qwen3, qwen3-untied and llama3 were made with torch 2.11.0, transformers 5.6.0, peft 0.18.1; llama and qwen2 come out the
same there.
Weights come from a hash of their index, so that hashed-model.ts makes the same ones.
"""

import json
import sys

import numpy
import torch
from peft import LoraConfig, get_peft_model
from safetensors.numpy import save_file
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

# The model code casts norms, softmax and rotary tables to float32 by name; let them be float64 too.
torch.float32 = torch.float = torch.float64
torch.Tensor.float = torch.Tensor.double

OUT = sys.argv[1]
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
RANK, ALPHA = 2, 6
STEPS = 10
ADAMW = {"lr": 2e-4, "weight_decay": 0.1, "betas": (0.9, 0.999), "eps": 1e-8}
CLIP = 0.5
SIZES = dict(
    vocab_size=400,
    hidden_size=256,
    intermediate_size=512,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=2048,
)


def mix(values):
    """A 32-bit integer hash (lowbias32) of each of some numbers."""
    x = (numpy.asarray(values, dtype=numpy.uint64) & 0xFFFFFFFF).astype(numpy.uint32)
    with numpy.errstate(over="ignore"):
        x ^= x >> numpy.uint32(16)
        x *= numpy.uint32(0x7FEB352D)
        x ^= x >> numpy.uint32(15)
        x *= numpy.uint32(0x846CA68B)
        x ^= x >> numpy.uint32(16)
    return x


def uniform(count, seed):
    """Numbers in [-1, 1): a hash of the index."""
    return mix(numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(seed) * 7919).astype(numpy.float64) / 2**31 - 1


def text_seed(name):
    """FNV-1a of a name, cut to 20 bits."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value % 2**20


def base_values(name, shape):
    """Norms lie around 1; matrices and biases are large enough that attention and the gate are far from flat."""
    values = uniform(int(numpy.prod(shape)), text_seed(name))
    if "norm" in name:
        values = 1 + 0.3 * values
    elif name.endswith("bias"):
        values = 0.3 * values
    elif "embed" in name or "lm_head" in name:
        values = 0.5 * values
    else:
        values = values * 2 / shape[-1] ** 0.5
    return values.reshape(shape)


def lora_values(name, shape):
    return (0.1 * uniform(int(numpy.prod(shape)), text_seed(name))).reshape(shape)


def samples():
    """Three dialogues: token ids and loss weights."""
    result = []
    for index, length in enumerate([41, 12, 63]):
        ids = numpy.floor((uniform(length, 900 + index) + 1) / 2 * 400).astype(int).tolist()
        weights = [0.0 if at % 11 < 5 or at == 0 else (0.5 if at % 3 == 0 else 1.0) for at in range(length)]
        result.append((ids, weights))
    return result


def summed_loss(model):
    total = torch.zeros((), dtype=torch.float64)
    for ids, weights in samples():
        logits = model(torch.tensor([ids])).logits[0, :-1].double()
        surprise = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        total = total + (surprise * torch.tensor(weights[1:], dtype=torch.float64)).sum()
    return total


def short(name):
    return name.replace(".default", "")


def make(kind, model, dtype):
    model = model.double().eval()
    model.config._attn_implementation = "eager"
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = base_values(name, tuple(parameter.shape)).astype(numpy.float32).astype(dtype)
            parameter.copy_(torch.from_numpy(values.astype(numpy.float64)))
    ids, _ = samples()[0]
    surprises = -torch.log_softmax(model(torch.tensor([ids])).logits[0, 30].double(), -1)[:40]
    base_loss = summed_loss(model).item()
    tuned = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, lora_dropout=0.0))
    tuned = tuned.double().eval()
    pairs = {name: p for name, p in tuned.named_parameters() if "lora_" in name}
    with torch.no_grad():
        for name, parameter in pairs.items():
            values = lora_values(short(name), tuple(parameter.shape)).astype(numpy.float32)
            parameter.copy_(torch.from_numpy(values.astype(numpy.float64)))
    total_weight = sum(sum(weights) for _, weights in samples())
    optimizer = torch.optim.AdamW(pairs.values(), **ADAMW)
    tensors, losses, norms = {}, [], []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = summed_loss(tuned)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            tensors |= {f"gradient.{short(n)}": p.grad.numpy().astype(numpy.float32) for n, p in pairs.items()}
        for parameter in pairs.values():
            parameter.grad /= total_weight
        norms.append(torch.nn.utils.clip_grad_norm_(pairs.values(), CLIP).item())
        optimizer.step()
    tensors |= {f"trained.{short(n)}": p.detach().numpy().astype(numpy.float32) for n, p in pairs.items()}
    save_file(tensors, f"{OUT}/{kind}.safetensors")
    return {
        "surprises": surprises.tolist(),
        "baseLoss": base_loss,
        "losses": losses,
        "gradientNorms": norms,
        "totalWeight": total_weight,
    }


SMALL = dict(num_hidden_layers=2, max_position_embeddings=2048)
MODELS = {
    "llama": lambda: LlamaForCausalLM(
        LlamaConfig(**SIZES, rms_norm_eps=1e-5, rope_theta=100000.0, tie_word_embeddings=True)
    ),
    "qwen2": lambda: Qwen2ForCausalLM(
        Qwen2Config(**SIZES, rms_norm_eps=1e-6, rope_theta=1000000.0, tie_word_embeddings=False)
    ),
    # Heads that are larger together than the hidden state, a vocabulary that is a multiple of nothing.
    "qwen3": lambda: Qwen3ForCausalLM(
        Qwen3Config(
            **SMALL, vocab_size=401, hidden_size=80, intermediate_size=144, num_attention_heads=4,
            num_key_value_heads=2, head_dim=32, rms_norm_eps=1e-6, rope_theta=1000000.0, tie_word_embeddings=True,
        )
    ),
    # No heads that share keys, an output matrix of its own.
    "qwen3-untied": lambda: Qwen3ForCausalLM(
        Qwen3Config(
            **SMALL, vocab_size=403, hidden_size=96, intermediate_size=80, num_attention_heads=3,
            num_key_value_heads=3, head_dim=16, rms_norm_eps=1e-6, rope_theta=10000.0, tie_word_embeddings=False,
        )
    ),
    # One key for all heads, biases in all of attention, positions stretched within the length of the samples.
    "llama3": lambda: LlamaForCausalLM(
        LlamaConfig(
            **SMALL, vocab_size=401, hidden_size=100, intermediate_size=132, num_attention_heads=5,
            num_key_value_heads=1, head_dim=24, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False,
            attention_bias=True,
            rope_scaling=dict(
                rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                original_max_position_embeddings=64,
            ),
        )
    ),
}
DTYPES = {"llama": numpy.float32, "llama3": numpy.float32}


if __name__ == "__main__":
    torch.manual_seed(0)
    try:
        with open(f"{OUT}/golden.json") as file:
            report = json.load(file)
    except FileNotFoundError:
        report = {}
    for kind in sys.argv[2:] or MODELS:
        report[kind] = make(kind, MODELS[kind](), DTYPES.get(kind, numpy.float16))
    with open(f"{OUT}/golden.json", "w") as file:
        json.dump(report, file, indent=1)
        file.write("\n")
