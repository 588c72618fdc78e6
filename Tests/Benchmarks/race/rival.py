"""A rival's side of a race: a process that holds a network and runs it when it is told to.

    python rival.py ort --case detr480 --precision fp32 --threads 2 --work DIR

It writes one line of JSON when it is ready, with how far its outputs are from PyTorch's in 32 bits.
For every line `go N` it runs the network N times and answers with the milliseconds of each run.
"""

import argparse
import json
import os
import sys
import time

import cases


def torch_side(options, compiled=False):
    import torch
    from safetensors.torch import load_file

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    module = torch.load(
        os.path.join(options.work, cases.CASES[options.case].network + ".pt"), weights_only=False,
        mmap=True)
    if compiled:
        module = torch.compile(module)
    found = load_file(options.path("inputs.safetensors"))
    tensors = tuple(found[name] for name in ("pixel_values", "input_ids") if name in found)

    def run():
        with torch.inference_mode():
            if options.precision == "fp32":
                return module(*tensors)
            with torch.autocast("cpu", torch.bfloat16):
                return module(*tensors)

    return run, lambda outputs: [output.float().numpy() for output in outputs]


def compile_side(options):
    return torch_side(options, compiled=True)


def arrays(options):
    from safetensors.numpy import load_file

    return load_file(options.path("inputs.safetensors"))


def onnx_file(options):
    return options.path("int8.onnx" if options.precision == "int8" else "onnx")


def ort_side(options):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    settings.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        onnx_file(options), settings, providers=["CPUExecutionProvider"])
    tensors = arrays(options)
    return lambda: session.run(None, tensors), list


def openvino_side(options):
    import openvino

    core = openvino.Core()
    settings = {
        "INFERENCE_NUM_THREADS": options.threads, "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1}
    # What a quantised model leaves in floats is computed as it is OpenVINO's custom: in bf16.
    if options.precision != "int8":
        settings["INFERENCE_PRECISION_HINT"] = {"fp32": "f32", "bf16": "bf16"}[options.precision]
    compiled = core.compile_model(onnx_file(options), "CPU", settings)
    request = compiled.create_infer_request()
    tensors = arrays(options)

    def run():
        request.infer(tensors, share_inputs=True)
        return request

    return run, lambda request: [
        request.get_output_tensor(n).data for n in range(len(compiled.outputs))]


def difference(options, outputs):
    """The largest difference of each output from what PyTorch gave in 32 bits."""
    from safetensors.numpy import load_file

    expected = load_file(options.path("outputs.safetensors"))
    names = cases.CASES[options.case].outputs
    return {
        name: float(abs(output - expected[name]).max()) for name, output in zip(names, outputs)}


def serve(run, **ready):
    """Says that it is ready, and runs as often as it is told to until its input ends."""
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter()
            run()
            times.append(1e3 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)


def main():
    sides = {"torch": torch_side, "compile": compile_side, "ort": ort_side,
             "openvino": openvino_side}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("side", choices=sides)
    parser.add_argument("--case", required=True)
    parser.add_argument("--precision", required=True, choices=cases.PRECISIONS)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--work", required=True)
    options = parser.parse_args()
    options.path = lambda end: os.path.join(options.work, f"{options.case}.{end}")
    run, read = sides[options.side](options)
    serve(run, difference=difference(options, read(run())))


if __name__ == "__main__":
    main()
