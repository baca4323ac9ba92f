"""Writes dictionaries as SAELens does, with codes and reconstructions computed by numpy in float64.

Needs torch, numpy and safetensors. SaeLensDictionaryTest reads them. The configurations have the keys of SAELens 6, or
of the flat configurations before it. expected.safetensors has inputs x, codes f and reconstructions y.
"""
import json
import os

import numpy as np
import torch
from safetensors.torch import save_file

D_IN, D_SAE, D_OUT, EXAMPLES, K = 6, 12, 4, 5, 3


def tensors(seed, d_out=D_IN, **units):
    rng = np.random.default_rng(seed)
    t = {
        "W_enc": rng.normal(size=(D_IN, D_SAE)),
        "W_dec": rng.normal(size=(D_SAE, d_out)),
        "b_dec": rng.normal(size=d_out),
    }
    for name, scale in units.items():
        t[name] = scale * rng.normal(size=D_SAE)
    return {name: value.astype(np.float32) for name, value in t.items()}


def top_k(z, k):
    kept = np.zeros_like(z)
    for row, to in zip(z, kept):
        largest = np.argsort(-row)[:k]
        to[largest] = np.maximum(row[largest], 0)
    return kept


def write(name, cfg, stored, compute, dtype=torch.float32, sparsity=None, scale=1.0):
    os.makedirs(name, exist_ok=True)
    with open(f"{name}/cfg.json", "w") as file:
        json.dump(cfg, file, indent=1)
    stored = {key: torch.tensor(value).to(dtype) for key, value in stored.items()}
    save_file(stored, f"{name}/sae_weights.safetensors")
    if sparsity is not None:
        save_file({"sparsity": torch.tensor(sparsity)}, f"{name}/sparsity.safetensors")
    p = {key: value.to(torch.float64).numpy() for key, value in stored.items()}
    x = np.random.default_rng(99).normal(size=(EXAMPLES, D_IN)).astype(np.float32).astype(np.float64)
    f, y = compute(p, scale * x)
    assert 0 < (f != 0).mean() < 1, name
    expected = {"x": x, "f": f, "y": y / scale}
    save_file({key: torch.tensor(value) for key, value in expected.items()}, f"{name}/expected.safetensors")


def cfg(architecture, **more):
    return {
        "d_in": D_IN,
        "d_sae": D_SAE,
        "dtype": "float32",
        "device": "cuda",
        "apply_b_dec_to_input": True,
        "normalize_activations": "none",
        "reshape_activations": "none",
        "metadata": {
            "sae_lens_version": "6.49.0",
            "sae_lens_training_version": None,
            "model_name": "gpt2-small",
            "hook_name": "blocks.8.hook_resid_pre",
            "context_size": 128,
            "prepend_bos": True,
            "seqpos_slice": [None],
        },
        "architecture": architecture,
        **more,
    }


def old(**more):
    return {
        "model_name": "gpt2-small",
        "hook_point": "blocks.8.hook_resid_pre",
        "hook_point_layer": 8,
        "hook_point_head_index": None,
        "dataset_path": "Skylion007/openwebtext",
        "context_size": 128,
        "d_in": D_IN,
        "d_sae": D_SAE,
        "dtype": "torch.float32",
        "device": "cpu",
        "lr": 4e-4,
        "l1_coefficient": 8e-5,
        "normalize_activations": False,
        "finetuning_scaling_factor": False,
        "sae_lens_training_version": None,
        **more,
    }


def affine(p, x, centered=True):
    return (x - p["b_dec"] if centered else x) @ p["W_enc"] + p["b_enc"]


def relu(centered=True):
    def compute(p, x):
        f = np.maximum(affine(p, x, centered), 0)
        return f, f @ p["W_dec"] + p["b_dec"]

    return compute


def jump(threshold, centered=True):
    def compute(p, x):
        z = affine(p, x, centered)
        f = np.where(z > np.maximum(threshold(p), 0), np.maximum(z, 0), 0)
        return f, f @ p["W_dec"] + p["b_dec"]

    return compute


def topk(p, x):
    f = top_k(affine(p, x), K)
    return f, f @ p["W_dec"] + p["b_dec"]


def rescaled_topk(p, x):
    norms = np.linalg.norm(p["W_dec"], axis=1)
    f = top_k(affine(p, x) * norms, K)
    return f, (f / norms) @ p["W_dec"] + p["b_dec"]


def gated(p, x):
    x = x - p["b_dec"]
    gate = x @ p["W_enc"] + p["b_gate"] > 0
    f = gate * np.maximum(x @ (p["W_enc"] * np.exp(p["r_mag"])) + p["b_mag"], 0)
    return f, f @ p["W_dec"] + p["b_dec"]


def skipping(compute):
    def with_skip(p, x):
        f, y = compute(p, x)
        return f, y + x @ p["W_skip"].T

    return with_skip


def skip_tensors(seed, **units):
    t = tensors(seed, D_OUT, **units)
    t["W_skip"] = np.random.default_rng(seed + 1000).normal(size=(D_OUT, D_IN)).astype(np.float32)
    return t


def constant_threshold(seed):
    return {**tensors(seed, b_enc=1), "threshold": np.full(D_SAE, 0.75, np.float32)}


by_unit = lambda p: p["threshold"]
coder = {"apply_b_dec_to_input": False, "d_out": D_OUT}

write("standard", cfg("standard"), tensors(1, b_enc=1), relu(),
      sparsity=np.linspace(-10, 0, D_SAE).astype(np.float32))
write("uncentered", cfg("standard", apply_b_dec_to_input=False), tensors(2, b_enc=1), relu(False))
write("gated", cfg("gated"), tensors(3, b_gate=1, b_mag=1, r_mag=0.5), gated)
write("topk", cfg("topk", k=K, rescale_acts_by_decoder_norm=False), tensors(4, b_enc=1), topk)
write("topk-rescaled", cfg("topk", k=K, rescale_acts_by_decoder_norm=True), tensors(5, b_enc=1), rescaled_topk)
write("jumprelu", cfg("jumprelu"), tensors(6, b_enc=1, threshold=1), jump(by_unit))
write("batchtopk", cfg("jumprelu"), constant_threshold(7), jump(by_unit))
write("transcoder", cfg("transcoder", **coder), tensors(8, D_OUT, b_enc=1), relu(False))
write("skip_transcoder", cfg("skip_transcoder", **coder), skip_tensors(9, b_enc=1), skipping(relu(False)))
write("jumprelu_transcoder", cfg("jumprelu_transcoder", **coder), tensors(10, D_OUT, b_enc=1, threshold=1),
      jump(by_unit, False))
write("jumprelu_skip_transcoder", cfg("jumprelu_skip_transcoder", **coder),
      skip_tensors(11, b_enc=1, threshold=1), skipping(jump(by_unit, False)))
write("old-relu", old(activation_fn_str="relu"),
      {**tensors(12, b_enc=1), "scaling_factor": np.ones(D_SAE, np.float32)}, relu())
write("old-topk", old(activation_fn_str="topk", activation_fn_kwargs={"k": K}, normalize_activations=None),
      tensors(13, b_enc=1), topk)
write("old-jumprelu", old(architecture="jumprelu", activation_fn="relu", hook_name="blocks.1.attn.hook_z",
                          reshape_activations="hook_z", normalize_activations="none"),
      tensors(14, b_enc=1, log_threshold=0.5), jump(lambda p: np.exp(p["log_threshold"])))
write("bfloat16", cfg("standard", dtype="bfloat16"), tensors(15, b_enc=1), relu(), dtype=torch.bfloat16)
write("float64", cfg("standard", dtype="float64"), tensors(16, b_enc=1), relu(), dtype=torch.float64)
write("scaled", cfg("standard", normalize_activations="expected_average_only_in"), tensors(17, b_enc=1), relu(),
      scale=1.75)
