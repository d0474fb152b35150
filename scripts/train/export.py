"""Write model.onnx, features.onnx, their JSON files and the held-out arrays."""
import hashlib
import json
import warnings

import numpy as np
import onnx
import torch

from evaluate import statistics
from nets import NULL_CLASS
from recipe import tensors
from train_classifier import accuracy, outputs

OPSET = 15
# Operators that keep every image of a batch to itself, as used in nets.py.
# BatchNormalization is here in its inference form only, which is affine.
ALLOWED = set("Add BatchNormalization Cast Clip Concat Constant Conv Cos Div Exp Flatten Floor Gather Gemm Identity "
              "InstanceNormalization Log MatMul Mul Reshape Resize Shape Sigmoid Sin Slice Softmax Split "
              "Sqrt Squeeze Sub Transpose Unsqueeze".split())


def strip(model):
    """Leave out what says where the graph was traced, such as the paths of these scripts."""
    del model.metadata_props[:]
    for part in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output):
        part.doc_string = ""


def export(net, example, path, inputs, shapes):
    """Export with a dynamic batch, then check the graph and its operators."""
    results = list(shapes)
    names = inputs + results
    warnings.filterwarnings("ignore", category=UserWarning)
    torch.onnx.export(net, example, str(path), input_names=inputs, output_names=results,
                      opset_version=OPSET, dynamic_axes={name: {0: "batch"} for name in names})
    model = onnx.load(str(path))
    for result in model.graph.output:
        for axis, size in zip(result.type.tensor_type.shape.dim, shapes[result.name]):
            if size:
                axis.dim_value = size
    strip(model)
    onnx.save(model, str(path))
    onnx.checker.check_model(model, full_check=True)
    used = {node.op_type for node in model.graph.node}
    if used - ALLOWED:
        raise SystemExit(f"{path.name}: operators not reviewed: {sorted(used - ALLOWED)}")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def write(recipe, out, cache, classifier, denoiser, data):
    """Write every file of the model's folder but the README and risk.json."""
    process = recipe.process
    x = torch.randn(2, 1, 28, 28)
    digest = export(denoiser, (x, torch.full((2,), 0.5), torch.zeros(2, dtype=torch.long)),
                    out / "model.onnx", ["x", process.time_name, "label"], {process.output_name: (0, 1, 28, 28)})
    write_json(out / "model.json", {
        "format": "quench-model", "version": 1, "name": recipe.name,
        **process.model_json(), "shape": [1, 28, 28], "valueRange": [-1, 1],
        "inputs": {"x": "x", "time": process.time_name, "label": "label"},
        "outputs": {"prediction": process.output_name},
        "classes": recipe.classes, "nullClass": NULL_CLASS,
        "sha256": digest, "license": recipe.license, "description": recipe.description})

    held_x, held_y = tensors(data, "held")
    digest = export(classifier, (x,), out / "features.onnx", ["x"],
                    {"features": (0, 64), "logits": (0, 10)})
    mu, sigma = statistics(outputs(classifier, held_x)[0].numpy())
    # `network`: whose features these are, so that statistics of another network are refused.
    np.savez(out / "features.npz", mu=mu, sigma=sigma, count=np.int64(len(held_x)),
             network=np.frombuffer(bytes.fromhex(digest), dtype=np.uint8))
    write_json(out / "features.json", {
        "format": "quench-features", "version": 1,
        "input": "x", "features": "features", "logits": "logits", "dimension": 64,
        "shape": [1, 28, 28], "valueRange": [-1, 1], "sha256": digest,
        "reference": "features.npz", "heldOutAccuracy": round(accuracy(classifier, held_x, held_y), 4)})

    np.save(out / "heldout.npy", data["held_x"][:1024])
    np.save(out / "heldout-labels.npy", data["held_y"][:1024])
    (out / "train.log").write_text((cache / "train.log").read_text())
