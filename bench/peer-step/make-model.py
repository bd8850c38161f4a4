"""A model of the shape of DeepSeek-R1-Distill-Qwen-1.5B with random weights, as a Hugging Face folder in bfloat16.

    python make-model.py <folder>
"""

import sys

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

torch.manual_seed(0)
torch.set_default_dtype(torch.bfloat16)
config = Qwen2Config(
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
)
Qwen2ForCausalLM(config).save_pretrained(sys.argv[1], max_shard_size="8GB")
