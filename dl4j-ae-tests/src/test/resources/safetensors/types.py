"""Writes types.safetensors and unpadded.safetensors with the reference implementation (pip install torch safetensors).

SafetensorsFileTest compares both with values that are written out there. Made with safetensors 0.8.0.
"""
import json
import struct

import torch
from safetensors.torch import load_file, save_file

save_file(
    {
        "f64": torch.tensor([[0.1, -2.5e300, float("-inf")]], dtype=torch.float64),
        "f32": torch.tensor([[1.5, -0.0], [float("nan"), 1e-45], [3.4028235e38, 7]], dtype=torch.float32),
        "f16": torch.tensor([1.5, 65504, 2.0**-24], dtype=torch.float16),
        "bf16": torch.tensor([1.5, 3.3895314e38, -(2.0**-133)], dtype=torch.bfloat16),
        "i64": torch.tensor([2**63 - 1, -(2**63)], dtype=torch.int64),
        "i32": torch.tensor([[[2**31 - 1], [-(2**31)]]], dtype=torch.int32),
        "i16": torch.tensor([32767, -32768, 5], dtype=torch.int16),
        "i8": torch.tensor([127, -128, 5], dtype=torch.int8),
        "u8": torch.tensor([255, 128, 5], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True], dtype=torch.bool),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "\u00fc.\U0001f600 \"quoted\"\n": torch.ones(1),
    },
    "types.safetensors",
    # one text: the reference implementation writes several in random order
    metadata={"made by": "the \u201creference\u201d\t\\ implementation"},
)

# valid, and unlike what writers do: not padded, not aligned, not in the order of the data
header = {
    "late": {"shape": [2], "data_offsets": [1, 9], "dtype": "F32"},
    "__metadata__": {},
    "early": {"data_offsets": [0, 1], "dtype": "U8", "shape": [1, 1]},
}
text = json.dumps(header, separators=(" , ", " : ")).encode()
text += b" " * (1 - len(text) % 2)
with open("unpadded.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + b"\x07" + struct.pack("<2f", 1.25, -3))
assert load_file("unpadded.safetensors")["late"].tolist() == [1.25, -3]
