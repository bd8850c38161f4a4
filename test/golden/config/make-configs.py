"""Golden configurations: config.json as transformers 5.6.0 saves it, with the inverse frequencies that it computes.

Run: python make-configs.py <folder of this file>
"""
import json
import sys

from transformers import LlamaConfig, Qwen2Config, Qwen3Config
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding
from transformers.models.qwen3.modeling_qwen3 import Qwen3RotaryEmbedding


def llama3(factor):
    return dict(
        rope_type="llama3", factor=factor, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192
    )


sizes = dict(num_hidden_layers=2, bos_token_id=1, eos_token_id=[2, 3])
# Sizes of Llama 3.1 8B, Llama 3.2 1B, SmolLM2 135M, Qwen2.5 0.5B and Qwen3 0.6B but for the number of layers.
MODELS = {
    "llama-3.1": (
        LlamaConfig(
            **sizes, vocab_size=128256, hidden_size=4096, intermediate_size=14336, num_attention_heads=32,
            num_key_value_heads=8, max_position_embeddings=131072, rms_norm_eps=1e-5, rope_theta=500000.0,
            rope_scaling=llama3(8.0),
        ),
        LlamaRotaryEmbedding,
    ),
    "llama-3.2": (
        LlamaConfig(
            **sizes, vocab_size=128256, hidden_size=2048, intermediate_size=8192, num_attention_heads=32,
            num_key_value_heads=8, max_position_embeddings=131072, rms_norm_eps=1e-5, rope_theta=500000.0,
            rope_scaling=llama3(32.0), tie_word_embeddings=True,
        ),
        LlamaRotaryEmbedding,
    ),
    "smollm2": (
        LlamaConfig(
            **sizes, vocab_size=49152, hidden_size=576, intermediate_size=1536, num_attention_heads=9,
            num_key_value_heads=3, max_position_embeddings=8192, rms_norm_eps=1e-5, rope_theta=100000.0,
            tie_word_embeddings=True,
        ),
        LlamaRotaryEmbedding,
    ),
    "qwen2.5": (
        Qwen2Config(
            **sizes, vocab_size=151936, hidden_size=896, intermediate_size=4864, num_attention_heads=14,
            num_key_value_heads=2, max_position_embeddings=32768, rms_norm_eps=1e-6, rope_theta=1000000.0,
            tie_word_embeddings=True, use_sliding_window=False, sliding_window=32768, max_window_layers=21,
        ),
        Qwen2RotaryEmbedding,
    ),
    "qwen3": (
        Qwen3Config(
            **sizes, vocab_size=151936, hidden_size=1024, intermediate_size=3072, num_attention_heads=16,
            num_key_value_heads=8, head_dim=128, max_position_embeddings=40960, rms_norm_eps=1e-6, rope_theta=1000000.0,
            tie_word_embeddings=True,
        ),
        Qwen3RotaryEmbedding,
    ),
}
golden = {}
for name, (config, rotary) in MODELS.items():
    saved = json.loads(config.to_json_string())
    golden[name] = {"config": saved, "inverseFrequencies": rotary(config).inv_freq.tolist()}
with open(f"{sys.argv[1]}/transformers-5.json", "w") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
