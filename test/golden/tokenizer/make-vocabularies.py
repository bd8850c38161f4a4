"""Whole Hugging Face tokenizers for the checks here: Qwen2, Qwen3, DeepSeek-R1-Distill-Qwen, from llama.cpp's copy.

Run: python make-vocabularies.py LLAMA_CPP OUT
  LLAMA_CPP  a llama.cpp source tree (we used vendor/llama.cpp of the PyPI source package llama-cpp-python 0.3.36)
Writes OUT/<family>/tokenizer.json and tokenizer_config.json. models/ggml-vocab-qwen2.gguf has tokens and merges; the
added tokens, which differ between the families, and their flags stand below as in the families' own files.
Version: gguf-py 0.19.0 (of that tree).
"""
import json
import sys
from pathlib import Path

llama_cpp, out = sys.argv[1:]
sys.path.insert(0, f"{llama_cpp}/gguf-py")
from gguf import GGUFReader  # noqa: E402

FIRST = 151643
QWEN2 = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
         "<|box_end|>"]
DEEPSEEK = ["<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<｜begin▁of▁sentence｜>", "<|EOT|>", "<think>",
            "</think>"]
SHARED = ["<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>",
          "<|video_pad|>", "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
          "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"]
QWEN3 = ["<tool_response>", "</tool_response>", "<think>", "</think>"]
PLAIN = {"<｜User｜>", "<｜Assistant｜>", "<|EOT|>", "<think>", "</think>", "<tool_response>", "</tool_response>",
         *SHARED[7:]}
FAMILIES = {"qwen2": QWEN2 + SHARED, "qwen3": QWEN2 + SHARED + QWEN3, "deepseek": DEEPSEEK + SHARED}
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
           r"|\s*[\r\n]+|\s+(?!\S)|\s+")

fields = GGUFReader(f"{llama_cpp}/models/ggml-vocab-qwen2.gguf").fields
tokens = fields["tokenizer.ggml.tokens"].contents()[:FIRST]
merges = fields["tokenizer.ggml.merges"].contents()
begin = "<｜begin▁of▁sentence｜>"
for family, names in FAMILIES.items():
    added = [
        {"id": FIRST + place, "content": name, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": name not in PLAIN}
        for place, name in enumerate(names)
    ]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    template = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": begin, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"SpecialToken": {"id": begin, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                 {"SpecialToken": {"id": begin, "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {begin: {"id": begin, "ids": [FIRST + 3], "tokens": [begin]}},
    }
    tokenizer = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Isolated", "invert": False}, byte_level]},
        "post_processor": template if family == "deepseek" else byte_level,
        "decoder": byte_level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False,
                  "vocab": {token: id for id, token in enumerate(tokens)}, "merges": merges},
    }
    ends = {"bos_token": begin, "eos_token": DEEPSEEK[0], "pad_token": DEEPSEEK[0], "add_bos_token": True} \
        if family == "deepseek" else {"bos_token": None, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    config = {"add_bos_token": False, **ends, "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": None,
              "added_tokens_decoder": {str(token["id"]): {k: v for k, v in token.items() if k != "id"}
                                       for token in added},
              "clean_up_tokenization_spaces": False, "model_max_length": 32768}
    folder = Path(out, family)
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in (("tokenizer.json", tokenizer), ("tokenizer_config.json", config)):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
