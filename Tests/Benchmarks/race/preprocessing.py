"""Pillow's side of the race from a picture file to a network's input, and the picture.

    python preprocessing.py serve --picture photograph.jpg --short 480 [--draft]
    python preprocessing.py compare --picture photograph.jpg --short 480 --seen seen.safetensors
    python preprocessing.py make --picture photograph.jpg
"""

import argparse
import json

import numpy
from PIL import Image

MEAN = numpy.array([0.485, 0.456, 0.406], numpy.float32)
DEVIATION = numpy.array([0.229, 0.224, 0.225], numpy.float32)
WIDTH, HEIGHT = 4000, 3000


def photograph(seed=0):
    """12 megapixels whose details become fainter as they become smaller, as a photograph's do."""
    random = numpy.random.default_rng(seed)
    shape = (HEIGHT, WIDTH // 2 + 1)
    frequency = numpy.hypot(
        numpy.fft.fftfreq(HEIGHT)[:, None], numpy.fft.rfftfreq(WIDTH)[None])
    frequency[0, 0] = 1

    def field(slope):
        spectrum = numpy.exp(2j * numpy.pi * random.random(shape)) / frequency ** slope
        spectrum[0, 0] = 0
        values = numpy.fft.irfft2(spectrum, s=(HEIGHT, WIDTH))
        return values / values.std()

    light, warm, cold = 118 + 52 * field(1.3), 14 * field(1.5), 14 * field(1.5)
    light += 2 * random.standard_normal((HEIGHT, WIDTH))
    channels = [light + warm, light - 0.4 * (warm + cold), light + cold]
    return numpy.clip(numpy.stack(channels, axis=-1), 0, 255).astype(numpy.uint8)


def pixels(path, size=None, draft=False):
    """The picture file as DETR sees it, `[1, 3, height, width]`, in (width, height) `size`.

    `draft` lets Pillow decode at a reduced scale, which transformers does not do.
    """
    picture = Image.open(path)
    if draft:
        picture.draft("RGB", size)
    picture = picture.convert("RGB")
    if size is not None:
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    values = numpy.asarray(picture, numpy.float32) / 255
    values -= MEAN
    values /= DEVIATION
    return numpy.ascontiguousarray(values.transpose(2, 0, 1)[None])


def difference(path, size, seen):
    """Mean and largest difference of what `unit` sees, in steps of 8 bits."""
    from safetensors.numpy import load_file

    expected = pixels(path, size)
    found = load_file(seen)["pixel_values"]
    if expected.shape != found.shape:
        raise SystemExit(f"Pillow makes {expected.shape} of {path}, unit {found.shape}")
    steps = 255 * DEVIATION[:, None, None] * abs(expected - found)
    return {"mean": float(steps.mean()), "largest": float(steps.max())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["serve", "compare", "make"])
    parser.add_argument("--picture", required=True)
    parser.add_argument("--short", type=int, help="the shorter side of the network's input")
    parser.add_argument("--draft", action="store_true", help="decode at a reduced scale")
    parser.add_argument("--seen", help="what 'unit debug preprocess' wrote")
    options = parser.parse_args()
    if options.action == "make":
        Image.fromarray(photograph()).save(options.picture, quality=90, subsampling="4:2:0")
        return
    # The longer side's fraction is cut off, as DETR's processor does.
    size = (options.short * WIDTH // HEIGHT, options.short)
    if options.action == "compare":
        print(json.dumps(difference(options.picture, size, options.seen)))
        return
    from rival import serve

    serve(lambda: pixels(options.picture, size, options.draft))


if __name__ == "__main__":
    main()
