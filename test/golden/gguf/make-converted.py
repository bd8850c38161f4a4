"""Golden GGUF contents: what llama.cpp's own converter makes of our tiny models.

Run: python make-converted.py LLAMA_CPP FOLDER PRE OUT.json
  LLAMA_CPP  a llama.cpp source tree (we used vendor/llama.cpp of the PyPI source package llama-cpp-python 0.3.36)
  FOLDER     a tiny model: node make-tiny.mjs writes those of src/gguf/gguf.test.ts
  PRE        name of the pre-tokenizer, which the converter cannot know for a made-up vocabulary: smollm or qwen2
Versions: gguf-py 0.19.0 (of that tree), torch 2.15.0, transformers 4.56.2, numpy 2.4.6.
"""
import hashlib
import json
import runpy
import sys
import tempfile

llama_cpp, folder, pre, out = sys.argv[1:]
sys.path[:0] = [llama_cpp, f"{llama_cpp}/gguf-py"]
import conversion.base  # noqa: E402
import gguf  # noqa: E402

conversion.base.TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
path = tempfile.mktemp(suffix=".gguf")
sys.argv = ["convert_hf_to_gguf.py", folder, "--outtype", "f16", "--outfile", path]
runpy.run_path(f"{llama_cpp}/convert_hf_to_gguf.py", run_name="__main__")

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
    json.dump({"metadata": metadata, "tensors": tensors}, file, indent=1, ensure_ascii=False)
    file.write("\n")
