"""Golden GGUF adapters: what llama.cpp's own converter makes of the PEFT folders in ../merge.

Run: python make-adapter.py LLAMA_CPP TINY ADAPTER OUT.json
  LLAMA_CPP  a llama.cpp source tree (we used vendor/llama.cpp of the PyPI source package llama-cpp-python 0.3.36)
  TINY       the adapter's base: node ../merge/make-tiny.mjs writes both
  ADAPTER    ../merge/llama or ../merge/qwen2
Versions: gguf-py 0.19.0 (of that tree), torch 2.11.0, transformers 5.6.0, numpy 2.4.6.
The converter does not know use_rslora and writes alpha as it is.
"""
import hashlib
import json
import runpy
import sys
import tempfile

llama_cpp, base, adapter, out = sys.argv[1:]
sys.path[:0] = [llama_cpp, f"{llama_cpp}/gguf-py"]
import gguf  # noqa: E402

path = tempfile.mktemp(suffix=".gguf")
sys.argv = ["convert_lora_to_gguf.py", "--base", base, "--outfile", path, adapter]
runpy.run_path(f"{llama_cpp}/convert_lora_to_gguf.py", run_name="__main__")

reader = gguf.GGUFReader(path)
metadata = {
    name: {"type": [kind.name.lower() for kind in field.types], "value": field.contents()}
    for name, field in reader.fields.items()
    if not name.startswith("GGUF.")
}
tensors = {
    tensor.name: {
        "type": tensor.tensor_type.name,
        "shape": [int(length) for length in reversed(tensor.shape)],
        "sha256": hashlib.sha256(tensor.data.tobytes()).hexdigest(),
    }
    for tensor in reader.tensors
}
with open(out, "w") as file:
    json.dump({"metadata": metadata, "tensors": tensors}, file, indent=1)
    file.write("\n")
