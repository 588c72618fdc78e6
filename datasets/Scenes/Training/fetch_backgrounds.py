"""Brings together photographs without any of the classes of datasets/Scenes/Recipes/debian.yaml.

    python3 datasets/Scenes/Training/fetch_backgrounds.py data/backgrounds

They come from Debian's packages gcompris-qt-data (buildings, dams, windmills) and
plasma-workspace-wallpapers, which must be installed, as must webp for its program dwebp. They were
chosen by eye.
"""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

RESOURCES = "/usr/share/gcompris-qt/rcc"
WALLPAPERS = "/usr/share/wallpapers"

# Statues, and pictures with trees in front.
UNFIT = {
    "explore_monuments": {
        "cabrillo", "christTheRedeemer", "eiffelTower", "gatewayofIndia",
        "georgeWashingtonBirthplace", "mountRushmore", "schwerinPalace", "statueofLiberty",
    },
    "categorization": {"christTheRedeemer", "monument1", "mountRushmore", "statueOfLiberty"},
}
WANTED = ["BytheWater", "ColdRipple", "DarkestHour", "FallenLeaf", "Grey", "OneStandsOut", "Volna",
          "summer_1am"]


def resources(path):
    """Names and bytes of the files in a Qt resource file (format 1 to 3, stored or by zlib)."""
    data = open(path, "rb").read()
    if data[:4] != b"qres":
        sys.exit(f"{path} is not a Qt resource file")
    version, tree, contents, names = struct.unpack(">4I", data[4:20])
    size = 14 if version < 2 else 22

    def name(offset):
        (count,) = struct.unpack_from(">H", data, names + offset)
        return data[names + offset + 6 : names + offset + 6 + 2 * count].decode("utf-16-be")

    def walk(node, folder):
        offset = tree + node * size
        own, flags = struct.unpack_from(">IH", data, offset)
        if flags & 2:
            count, first = struct.unpack_from(">2I", data, offset + 6)
            inside = folder if node == 0 else f"{folder}{name(own)}/"
            for child in range(first, first + count):
                yield from walk(child, inside)
        else:
            (start,) = struct.unpack_from(">I", data, offset + 10)
            (count,) = struct.unpack_from(">I", data, contents + start)
            found = data[contents + start + 4 : contents + start + 4 + count]
            yield folder + name(own), zlib.decompress(found[4:]) if flags & 1 else found

    yield from walk(0, "")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    output = sys.argv[1]
    os.makedirs(output, exist_ok=True)
    count = 0
    for activity, unfit in UNFIT.items():
        for path, data in resources(f"{RESOURCES}/{activity}.rcc"):
            name = os.path.splitext(os.path.basename(path))[0]
            kind = os.path.basename(os.path.dirname(path))
            fits = activity == "explore_monuments" or kind in ("renewable", "monuments")
            if not path.endswith(".webp") or not fits or name in unfit:
                continue
            with tempfile.NamedTemporaryFile(suffix=".webp") as file:
                file.write(data)
                file.flush()
                target = f"{output}/{activity}-{name}.png"
                subprocess.run(["dwebp", "-quiet", file.name, "-o", target], check=True)
            count += 1
    for name in WANTED:
        folder = f"{WALLPAPERS}/{name}/contents/images"
        largest = max(os.listdir(folder), key=lambda found: os.path.getsize(f"{folder}/{found}"))
        shutil.copy(f"{folder}/{largest}", f"{output}/{name}{os.path.splitext(largest)[1]}")
        count += 1
    print(f"{output}: {count} photographs")


if __name__ == "__main__":
    main()
