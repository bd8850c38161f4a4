"""Golden tensors of a quantized file: what llama.cpp's own llama-quantize makes of a GGUF.

Run: python make-quantized.py LLAMA_CPP F16.gguf TYPE OUT.json
  LLAMA_CPP  a llama.cpp source tree with llama-quantize built in build/bin
  F16.gguf   our file; for quantized-qwen2.json: `node make-tiny.mjs FOLDER`, then the GGUF stage on FOLDER/qwen2
Versions: llama.cpp 0.5.0 of the PyPI source package llama-cpp-python 0.3.36, built by gcc 12.2.0 on x86-64; gguf-py
0.19.0 of that tree.
"""
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

llama_cpp, source, kind, out = sys.argv[1:]
sys.path.insert(0, f"{llama_cpp}/gguf-py")
import gguf  # noqa: E402

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "quantized.gguf")
    subprocess.run([f"{llama_cpp}/build/bin/llama-quantize", source, path, kind], check=True, stdout=subprocess.DEVNULL)
    tensors = {
        tensor.name: {
            "type": tensor.tensor_type.name,
            "shape": [int(length) for length in reversed(tensor.shape)],
            "sha256": hashlib.sha256(tensor.data.tobytes()).hexdigest(),
        }
        for tensor in gguf.GGUFReader(path).tensors
    }
with open(out, "w") as file:
    json.dump(tensors, file, indent=1)
    file.write("\n")
