"""Writes the PNG and JPEG fixtures of pictures/ and, into pictures.json, what Pillow makes of them.

Ran with Python 3.11, Pillow 13.0.0 (libjpeg-turbo 3.2.0), NumPy 2.4.6:
    python make_pictures.py
Pillow's numbers are `exif_transpose(open(file)).convert("RGB")`, and the alpha of `convert("RGBA")`.
Only 16-bit grey differs by intention: the expected value is the high byte, as Pillow itself does for
16-bit RGB, while its convert("RGB") of 16-bit grey clips.
"""
import base64
import io
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "pictures")
rng = np.random.default_rng(7)
expected = {}


def picture(width, height, channels=3, top=255):
    """A smooth picture with some noise, so that JPEG has something to do."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * (3 + c) + y * (7 - c)) * 3 % 256 for c in range(channels)]
    noisy = np.stack(planes, -1) * 0.7 + rng.integers(0, 70, (height, width, channels))
    return (np.clip(noisy, 0, 255) * top // 255).astype(np.uint32)


def encode(data):
    return base64.b64encode(np.ascontiguousarray(data, dtype=np.uint8).tobytes()).decode()


def note(name, rgb=None, alpha="pillow"):
    image = ImageOps.exif_transpose(Image.open(os.path.join(FOLDER, name)))
    if rgb is None:
        rgb = np.array(image.convert("RGB"))
    if isinstance(alpha, str):
        has = "A" in image.getbands() or "transparency" in image.info
        alpha = np.array(image.convert("RGBA"))[..., 3] if has else None
    expected[name] = {
        "width": int(rgb.shape[1]),
        "height": int(rgb.shape[0]),
        "rgb": encode(rgb),
        "alpha": None if alpha is None else encode(alpha),
    }


def write(name, content):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(content)


# PNG: a writer of our own, because Pillow's does not know most kinds.

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(values, depth):
    rows = b""
    for row in values:
        flat = row.reshape(-1)
        if depth == 16:
            rows += b"\0" + flat.astype(">u2").tobytes()
        elif depth == 8:
            rows += b"\0" + flat.astype(np.uint8).tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in flat)
            bits += "0" * (-len(bits) % 8)
            rows += b"\0" + bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    return rows


def png(values, colour, depth, interlaced=False, extra=b"", late=b""):
    height, width = values.shape[:2]
    if interlaced:
        raw = b"".join(
            packed_rows(values[y::dy, x::dx], depth)
            for x, y, dx, dy in PASSES
            if x < width and y < height
        )
    else:
        raw = packed_rows(values, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(raw, 9))
        + late
        + chunk(b"IEND", b"")
    )


def exif(orientation, order=">"):
    mark = b"MM" if order == ">" else b"II"
    entries = [(0x0100, 3, 5), (0x0112, 3, orientation)]
    block = mark + struct.pack(order + "HIH", 42, 8, len(entries))
    for tag, kind, value in entries:
        block += struct.pack(order + "HHIHH", tag, kind, 1, value, 0)
    return block + struct.pack(order + "I", 0)


def make_pngs():
    for depth in (1, 2, 4, 8, 16):
        top = 2**depth - 1
        for interlaced in (False, True):
            tag = f"{depth}{'-interlaced' if interlaced else ''}"
            grey = picture(19, 13, 1, top)
            write(f"grey-{tag}.png", png(grey, 0, depth, interlaced))
            high = grey >> 8 if depth == 16 else None
            note(f"grey-{tag}.png", None if high is None else np.repeat(high, 3, -1))
            if depth <= 8:
                count = min(2**depth, 200)
                palette = rng.integers(0, 256, (count, 3)).astype(np.uint8).tobytes()
                index = picture(19, 13, 1, count - 1)
                write(f"palette-{tag}.png", png(index, 3, depth, interlaced, chunk(b"PLTE", palette)))
                note(f"palette-{tag}.png")
            if depth >= 8:
                for name, colour, channels in (("rgb", 2, 3), ("grey-alpha", 4, 2), ("rgba", 6, 4)):
                    values = picture(19, 13, channels, top)
                    write(f"{name}-{tag}.png", png(values, colour, depth, interlaced))
                    eight = values >> 8 if depth == 16 else values
                    colours = eight[..., :3] if channels >= 3 else np.repeat(eight[..., :1], 3, -1)
                    alpha = None if channels == 3 else eight[..., -1]
                    if depth == 8:
                        note(f"{name}-{tag}.png")
                        assert np.array_equal(colours, np.array(
                            Image.open(f"{FOLDER}/{name}-{tag}.png").convert("RGB")))
                    note(f"{name}-{tag}.png", colours, alpha)
    # A transparent colour: grey, RGB, of 16 bits, and a partly transparent palette.
    grey = picture(19, 13, 1)
    grey[3:6, 2:9] = 77
    write("grey-transparent.png", png(grey, 0, 8, extra=chunk(b"tRNS", struct.pack(">H", 77))))
    note("grey-transparent.png", None, np.where(grey[..., 0] == 77, 0, 255))
    colours = picture(19, 13, 3)
    colours[2:7, 5:8] = (9, 8, 7)
    write("rgb-transparent.png", png(colours, 2, 8, extra=chunk(b"tRNS", struct.pack(">HHH", 9, 8, 7))))
    note("rgb-transparent.png", None, np.where((colours == (9, 8, 7)).all(-1), 0, 255))
    deep = picture(19, 13, 3, 65535)
    deep[1:4, 1:4] = (2561, 2562, 2563)
    deep[5:8, 1:4] = (2561, 2562, 2564)  # equal to the transparent colour in the high bytes only
    key = chunk(b"tRNS", struct.pack(">HHH", 2561, 2562, 2563))
    write("rgb-16-transparent.png", png(deep, 2, 16, extra=key))
    note("rgb-16-transparent.png", deep >> 8, np.where((deep == (2561, 2562, 2563)).all(-1), 0, 255))
    palette = chunk(b"PLTE", rng.integers(0, 256, (16, 3)).astype(np.uint8).tobytes())
    index = picture(19, 13, 1, 15)
    write("palette-alpha.png", png(index, 3, 4, extra=palette + chunk(b"tRNS", bytes([0, 50, 100, 200]))))
    note("palette-alpha.png")
    for orientation in range(1, 9):
        order = "<" if orientation % 2 else ">"
        block = chunk(b"eXIf", exif(orientation, order))
        place = {"late": block} if orientation == 5 else {"extra": block}
        name = f"orientation-{orientation}.png"
        write(name, png(picture(7, 5, 4), 6, 8, interlaced=orientation == 7, **place))
        note(name)
    # Chunks that must change nothing: gamma, chromaticities, a text, a broken colour profile.
    extra = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"iCCP", b"x\0\0broken")
    extra += chunk(b"tEXt", b"Comment\0nothing")
    write("ancillary.png", png(picture(19, 13, 3), 2, 8, extra=extra))
    note("ancillary.png")
    write("one-pixel.png", png(picture(1, 1, 3), 2, 8))
    note("one-pixel.png")


def jpeg(array, mode, **options):
    buffer = io.BytesIO()
    Image.fromarray(array.astype(np.uint8), mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def make_jpegs():
    for name, size, options in [
        ("rgb-444", (23, 17), {"subsampling": 0, "quality": 95}),
        ("rgb-422", (37, 29), {"subsampling": 1, "quality": 85}),
        ("rgb-420", (61, 47), {"subsampling": 2, "quality": 75}),
        ("rgb-420-low", (64, 64), {"subsampling": 2, "quality": 10}),
        ("rgb-progressive", (61, 47), {"progressive": True, "quality": 80}),
        ("rgb-restart", (40, 40), {"restart_marker_blocks": 2}),
        ("rgb-stored", (23, 17), {"keep_rgb": True}),
        ("one-pixel", (1, 1), {}),
    ]:
        write(f"{name}.jpg", jpeg(picture(*size), "RGB", **options))
        note(f"{name}.jpg")
    for name, options in [("grey", {}), ("grey-progressive", {"progressive": True})]:
        write(f"{name}.jpg", jpeg(picture(33, 21, 1)[..., 0], "L", **options))
        note(f"{name}.jpg")
    inks = jpeg(picture(29, 31, 4), "CMYK", quality=90)
    write("cmyk.jpg", inks)
    note("cmyk.jpg")
    write("cmyk-progressive.jpg", jpeg(picture(29, 31, 4), "CMYK", progressive=True))
    note("cmyk-progressive.jpg")
    # The same coefficients, declared as YCCK by the transform flag of the Adobe marker.
    at = inks.index(b"Adobe") + 11
    assert inks[at] == 0
    write("ycck.jpg", inks[:at] + b"\2" + inks[at + 1 :])
    note("ycck.jpg")
    for orientation in range(1, 9):
        block = b"Exif\0\0" + exif(orientation, "<" if orientation % 2 else ">")
        write(f"orientation-{orientation}.jpg", jpeg(picture(23, 14), "RGB", exif=block))
        note(f"orientation-{orientation}.jpg")


def make_hostile():
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    write("hostile-huge.png", start + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))
    small = jpeg(picture(8, 8), "RGB")
    at = small.index(b"\xff\xc0") + 5
    write("hostile-huge.jpg", small[:at] + struct.pack(">HH", 60000, 60000) + small[at + 4 :])
    # More scans than any encoder writes: the last scan of a progressive file, 200 times.
    body = jpeg(picture(8, 8, 1)[..., 0], "L", progressive=True)
    last = body.rindex(b"\xff\xda")
    write("hostile-scans.jpg", body[:last] + body[last:-2] * 200 + body[-2:])
    # Too little data for the rows that are declared, behind correct check sums.
    header = struct.pack(">IIBBBBB", 20, 20, 8, 2, 0, 0, 0)
    short = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(300))) + chunk(b"IEND", b"")
    write("hostile-short.png", b"\x89PNG\r\n\x1a\n" + short)
    for kind in ("gif", "webp", "tiff", "bmp", "ppm"):
        Image.fromarray(picture(5, 4).astype(np.uint8)).save(os.path.join(FOLDER, f"other.{kind}"))


os.makedirs(FOLDER, exist_ok=True)
make_pngs()
make_jpegs()
make_hostile()
with open(os.path.join(HERE, "pictures.json"), "w") as file:
    json.dump(expected, file, indent=0, sort_keys=True)
