"""Golden merges: what PEFT's merge_and_unload makes of our tiny models with random adapters.

Run from the repository's root after a build:
  node test/golden/merge/make-tiny.mjs FOLDER && python test/golden/merge/make-merged.py FOLDER [MODEL...]
Versions: safetensors 0.8.0; peft 0.21.2, torch 2.15.0, transformers 4.56.2 for llama and qwen2; peft 0.18.1, torch 2.11.0,
transformers 5.6.0 for qwen3 and dora.
Writes, for each model, the adapter as PEFT saves it and some rows of every adapted matrix after merging.
"""
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "llama": (torch.float32, dict(r=4, lora_alpha=8, target_modules=ALL)),
    "qwen2": (torch.float16, dict(r=5, lora_alpha=10, target_modules=["q_proj", "v_proj", "down_proj"], use_rslora=True)),
    "dora": (torch.float32, dict(r=4, lora_alpha=8, target_modules=ALL, use_dora=True)),
    "qwen3": (torch.float32, dict(r=3, lora_alpha=6, target_modules=["q_proj", "k_proj", "o_proj", "up_proj"])),
}
ROWS = [0, 5, 100]
here = Path(__file__).parent
for name in sys.argv[2:] or CASES:
    dtype, options = CASES[name]
    torch.manual_seed(7)
    base = AutoModelForCausalLM.from_pretrained(Path(sys.argv[1]) / name, dtype=dtype)
    model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.05, **options))
    for key, parameter in model.named_parameters():
        if "lora_magnitude" in key:
            parameter.data *= 0.5 + torch.rand_like(parameter)
        elif "lora_" in key:
            torch.nn.init.normal_(parameter, std=0.1)
    model.peft_config["default"].base_model_name_or_path = name
    model.save_pretrained(here / name)
    (here / name / "README.md").unlink()
    merged = model.merge_and_unload().state_dict()
    kept = {
        key: tensor[ROWS].contiguous()
        for key, tensor in merged.items()
        if any(f".{target}.weight" in key for target in options["target_modules"])
    }
    save_file(kept, here / name / "merged-rows.safetensors")
