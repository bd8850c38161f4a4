"""Golden values for dequantization: random blocks and what gguf-py makes of them.

Run: python make-blocks.py    (with gguf 0.19.0, numpy 2.4.6)
Writes <type>.blocks.bin (raw blocks) and <type>.values.bin (float32, little-endian).
"""
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from gguf.quants import dequantize

# Where float16 scales lie in a block; everything else may hold any bits.
SCALES = {
    Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0],
    Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208],
}
random = np.random.default_rng(20)
here = Path(__file__).parent
for kind, places in SCALES.items():
    block_values, block_bytes = GGML_QUANT_SIZES[kind]
    count = 2048 // block_values
    blocks = random.integers(0, 256, (count, block_bytes), dtype=np.uint8)
    for place in places:
        scale = random.normal(0, 0.02, count).astype(np.float16)
        scale[0] = np.float16(2.0**-20)  # a subnormal one
        blocks[:, place : place + 2] = scale.view(np.uint8).reshape(count, 2)
    values = dequantize(blocks.reshape(-1), kind).astype("<f4")
    (here / f"{kind.name.lower()}.blocks.bin").write_bytes(blocks.tobytes())
    (here / f"{kind.name.lower()}.values.bin").write_bytes(values.tobytes())
