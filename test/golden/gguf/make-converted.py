"""Golden GGUF contents: what llama.cpp's own converter makes of our tiny models.

Run: python make-converted.py LLAMA_CPP FOLDER PRE OUT.json
  LLAMA_CPP  a llama.cpp source tree (we used vendor/llama.cpp of the PyPI source package llama-cpp-python 0.3.36)
  FOLDER     a Hugging Face model: make-tiny.mjs writes those whose goldens are kept here
  PRE        name of the pre-tokenizer, which the converter cannot know for a made-up vocabulary: smollm, qwen2 or
             deepseek-r1-qwen; "-" for a real vocabulary, which it does know
Tensors stand in the order of the file. Lists of more than 16 values are kept as their length and the SHA-256 of their
values, one a line.
Versions: gguf-py 0.19.0 (of that tree), torch 2.11.0, transformers 4.56.2, numpy 2.4.6; transformers
5.6.0 for qwen3 and llama3. With transformers 5.6.0 all
but the tokens of the deepseek model are the same: it takes that tokenizer for one of another kind.
"""
import hashlib
import json
import os
import runpy
import sys
import tempfile

llama_cpp, folder, pre, out = sys.argv[1:]
sys.path[:0] = [llama_cpp, f"{llama_cpp}/gguf-py"]
import conversion.base  # noqa: E402
import gguf  # noqa: E402

if pre != "-":
    conversion.base.TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
path = tempfile.mktemp(suffix=".gguf")
sys.argv = ["convert_hf_to_gguf.py", folder, "--outtype", "f16", "--outfile", path]
runpy.run_path(f"{llama_cpp}/convert_hf_to_gguf.py", run_name="__main__")



def brief(value):
    if not isinstance(value, list) or len(value) <= 16:
        return value
    return {"length": len(value), "sha256": hashlib.sha256("\n".join(map(str, value)).encode()).hexdigest()}


reader = gguf.GGUFReader(path)
metadata = {
    name: {"type": [kind.name.lower() for kind in field.types], "value": brief(field.contents())}
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
# Computed there in float32 from float32: compared within a tolerance, not bit for bit.
for tensor in reader.tensors:
    if tensor.name == "rope_freqs.weight":
        tensors[tensor.name] |= {"sha256": None, "values": tensor.data.tolist()}
with open(out, "w") as file:
    json.dump({"metadata": metadata, "tensors": tensors}, file, indent=1, ensure_ascii=False)
    file.write("\n")
os.remove(path)
