"""A model of the shape of DeepSeek-R1-Distill-Qwen-1.5B with random weights, as a Hugging Face folder in bfloat16.

    python make-model.py <folder>

One block of random numbers fills all matrices, since drawing 1.8 billion takes minutes; norms are 1, biases 0.
"""

import json
import os
import sys

import torch
from safetensors.torch import save_file
from transformers import Qwen2Config, Qwen2ForCausalLM

BLOCK = 2**20 + 7


def main():
    folder = sys.argv[1]
    config = Qwen2Config(
        architectures=["Qwen2ForCausalLM"],
        vocab_size=151936,
        hidden_size=1536,
        intermediate_size=8960,
        num_hidden_layers=28,
        num_attention_heads=12,
        num_key_value_heads=2,
        max_position_embeddings=32768,
        rms_norm_eps=1e-6,
        rope_theta=1e6,
        tie_word_embeddings=False,
        dtype="bfloat16",
    )
    block = (torch.randn(BLOCK, generator=torch.Generator().manual_seed(0)) * 0.02).to(torch.bfloat16)
    with torch.device("meta"):
        shapes = {name: tensor.shape for name, tensor in Qwen2ForCausalLM(config).state_dict().items()}
    tensors = {}
    for name, shape in shapes.items():
        if len(shape) == 1:
            fill = torch.ones if name.endswith("norm.weight") else torch.zeros
            tensors[name] = fill(shape, dtype=torch.bfloat16)
        else:
            count = shape.numel()
            tensors[name] = block.repeat(-(-count // BLOCK))[:count].view(shape).clone()
    os.makedirs(folder, exist_ok=True)
    # As the real model writes it; transformers 5 reads both.
    written = {**config.to_dict(), "rope_theta": 1e6}
    for name in ("rope_parameters", "layer_types"):
        written.pop(name, None)
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(written, file, indent=2)
    save_file(tensors, os.path.join(folder, "model.safetensors"), {"format": "pt"})


main()
