"""Renders people and animals of the game 0 A.D. as cut-outs for scenes.

    python3 datasets/Scenes/Training/render_cutouts.py OUTPUT [--archive ZIP] [--scale 1] [--seed 1]

Writes OUTPUT/CLASS/NUMBER.png: pictures with alpha of one figure each, in poses of its animations, from
all sides and under light from anywhere. The figures are those of Debian's package 0ad-data
(CC-BY-SA 3.0; ARCHIVE is /usr/share/games/0ad/mods/public/public.zip unless told otherwise); needs the
Python packages numpy and Pillow. --scale multiplies how many pictures each class gets.
"""

import argparse
import io
import pathlib
import random
import struct
import zipfile
from xml.etree import ElementTree

import numpy as np
from PIL import Image

# How many pictures of a class, and which figures (below art/actors) they show.
CLASSES = {
    "person": (320, ["units/*/female_citizen*", "units/*/healer*", "units/*/infantry_*_b*",
                     "units/*/infantry_*_e*", "units/*/hero_infantry*"]),
    "horse": (160, ["fauna/horse*", "fauna/pony*", "fauna/donkey*"]),
    "dog": (100, ["fauna/mastiff*", "fauna/wolf*", "fauna/arctic_wolf*", "fauna/fox*",
                  "units/britons/war_dog*"]),
    "cat": (50, ["fauna/lion*", "fauna/tiger*"]),
    "cow": (80, ["fauna/cow*", "fauna/bull*", "fauna/zebu*", "fauna/sanga*", "fauna/muskox*",
                 "fauna/wildebeest*"]),
    "sheep": (50, ["fauna/sheep*", "fauna/goat*"]),
    "elephant": (40, ["fauna/elephant*"]),
    "bear": (40, ["fauna/bear*"]),
    "zebra": (40, ["fauna/zebra*"]),
    "giraffe": (40, ["fauna/giraffe*"]),
    "deer": (40, ["fauna/deer*", "fauna/gazelle*"]),
    "pig": (40, ["fauna/boar*", "fauna/pig1*", "fauna/piglet*"]),
    "rabbit": (20, ["fauna/rabbit*"]),
    "bird": (40, ["fauna/chicken*", "fauna/peacock*", "fauna/hawk*", "fauna/crow.*",
                  "fauna/seagull.*"]),
}
# What a figure does in a picture, and what it does not carry.
DOING = {"idle", "walk", "run", "feeding"}
LEFT_OUT = ("blood", "shield", "spear", "weapon", "sword", "arrow", "quiver", "torch", "basket",
            "standard", "garrison", "meat", "ammo", "particle")
SIZE = 256
SAMPLES = 2


class Archive:
    """The files of the game by their paths below art."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.names = set(self.zip.namelist())
        self.read = {}

    def matching(self, pattern):
        return sorted(n for n in self.names if pathlib.PurePath(n).match(f"art/actors/{pattern}")
                      and n.endswith(".xml"))

    def kept(self, path, read):
        if path not in self.read:
            self.read[path] = read(self.zip.read(path)) if path in self.names else None
        return self.read[path]

    def xml(self, path):
        return self.kept(path, lambda data: ElementTree.fromstring(data.strip()))

    def mesh(self, name):
        return self.kept(f"art/meshes/{name}.cached.pmd", Mesh)

    def animation(self, name):
        return self.kept(f"art/animation/{name}.cached.psa", read_animation)

    def texture(self, name):
        return self.kept(
            f"art/textures/skins/{name}.cached.dds",
            lambda data: np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"), np.float32) / 255)


class Reader:
    def __init__(self, data, offset):
        self.data, self.offset = data, offset

    def one(self, kind):
        value, = struct.unpack_from("<" + kind, self.data, self.offset)
        self.offset += struct.calcsize(kind)
        return value

    def array(self, dtype, *shape):
        count = int(np.prod(shape))
        values = np.frombuffer(self.data, dtype, count, self.offset).reshape(shape)
        self.offset += values.nbytes
        return values

    def text(self):
        length = self.one("I")
        value = self.data[self.offset:self.offset + length].decode("latin-1")
        self.offset += length
        return value


def transforms(moves):
    """Translations and quaternions `[n, 7]` as matrices `[n, 4, 4]`."""
    x, y, z, w = moves[:, 3:].T
    result = np.zeros((len(moves), 4, 4))
    result[:, 0, :3] = np.stack([1 - 2 * (y*y + z*z), 2 * (x*y - z*w), 2 * (x*z + y*w)], 1)
    result[:, 1, :3] = np.stack([2 * (x*y + z*w), 1 - 2 * (x*x + z*z), 2 * (y*z - x*w)], 1)
    result[:, 2, :3] = np.stack([2 * (x*z - y*w), 2 * (y*z + x*w), 1 - 2 * (x*x + y*y)], 1)
    result[:, :3, 3] = moves[:, :3]
    result[:, 3, 3] = 1
    return result


class Mesh:
    """A file of magic PSMD, version 3 or 4: vertices where they are at rest, and what bones move them."""

    def __init__(self, data):
        version, _ = struct.unpack_from("<2I", data, 4)
        reader = Reader(data, 12)
        count = reader.one("I")
        maps = reader.one("I") if version >= 4 else 1
        vertices = reader.array(np.dtype([
            ("place", "<f4", 3), ("normal", "<f4", 3), ("uv", "<f4", (maps, 2)),
            ("bones", "u1", 4), ("weights", "<f4", 4)]), count)
        self.places = vertices["place"].astype(float)
        self.normals = vertices["normal"].astype(float)
        self.uv = vertices["uv"][:, 0].astype(float)
        self.bones, self.weights = vertices["bones"].astype(int), vertices["weights"].astype(float)
        self.faces = reader.array("<u2", reader.one("I"), 3).astype(int)
        self.rest = transforms(reader.array("<f4", reader.one("I"), 7).astype(float))
        self.points = {}
        for _ in range(reader.one("I")):
            name = reader.text()
            self.points[name] = (transforms(reader.array("<f4", 1, 7).astype(float))[0],
                                 reader.one("B"))

    def posed(self, moves):
        """Vertices, normals, and the bones' matrices, where bones are at `moves` (or at rest)."""
        if moves is None or len(self.rest) == 0 or len(moves) != len(self.rest):
            return self.places, self.normals, self.rest
        now = transforms(moves)
        change = np.concatenate([now @ np.linalg.inv(self.rest), np.eye(4)[None]])
        bones = np.minimum(self.bones, len(self.rest))
        blend = np.einsum("vb,vbij->vij", self.weights * (self.bones != 255), change[bones])
        blend[(self.bones == 255).all(1)] = np.eye(4)
        places = np.einsum("vij,vj->vi", blend[:, :3, :3], self.places) + blend[:, :3, 3]
        return places, np.einsum("vij,vj->vi", blend[:, :3, :3], self.normals), now


def read_animation(data):
    """A file of magic PSSA: the bones' translations and quaternions `[frames, bones, 7]`."""
    reader = Reader(data, 12)
    reader.text()
    reader.one("f")
    bones, frames = reader.one("I"), reader.one("I")
    return reader.array("<f4", frames, bones, 7).astype(float)


class Figure:
    """An actor with one variant of each of its groups, chosen by chance."""

    def __init__(self, archive, path, chance):
        root = archive.xml(path)
        self.mesh, self.textures, self.props, self.animations = None, {}, {}, []
        self.colour, self.material = None, ""
        if root is None:
            return
        self.material = root.findtext("material", "")
        for group in root.findall("group"):
            variants = [v for v in group.findall("variant") if float(v.get("frequency", 0)) > 0]
            variants = variants or group.findall("variant")[:1]
            weights = [float(v.get("frequency", 1)) or 1 for v in variants]
            if variants:
                self.take(archive, chance.choices(variants, weights)[0])

    def take(self, archive, variant):
        if variant.get("file"):
            base = archive.xml(f"art/variants/{variant.get('file')}")
            if base is not None:
                self.take(archive, base)
        self.mesh = variant.findtext("mesh") or self.mesh
        for texture in variant.iter("texture"):
            self.textures[texture.get("name")] = texture.get("file")
        if variant.findtext("color"):
            self.colour = np.array([float(c) for c in variant.findtext("color").split()]) / 255
        for prop in variant.iter("prop"):
            # A later prop takes the place of an earlier one, but several may hang on "hair".
            point = prop.get("attachpoint")
            key = (point, prop.get("actor")) if point == "hair" else point
            self.props[key] = (point, prop.get("actor"))
        self.animations += [a.get("file") for a in variant.iter("animation")
                            if a.get("name", "").lower() in DOING and a.get("file")]


def assembled(archive, path, chance, team, root=np.eye(4), depth=0):
    """The parts of a figure: vertices, normals, texture places, faces, texture, material, colours."""
    figure = Figure(archive, path, chance)
    mesh = archive.mesh(figure.mesh) if figure.mesh else None
    texture = archive.texture(figure.textures["baseTex"]) if "baseTex" in figure.textures else None
    if mesh is None or texture is None:
        return []
    moves = None
    animations = [archive.animation(name) for name in figure.animations]
    animations = [a for a in animations if a is not None and a.shape[1] == len(mesh.rest)]
    if animations and depth == 0:
        frames = chance.choice(animations)
        moves = frames[chance.randrange(len(frames))]
    places, normals, bones = mesh.posed(moves)
    parts = [(places @ root[:3, :3].T + root[:3, 3], normals @ root[:3, :3].T, mesh.uv, mesh.faces,
              texture, figure.material, figure.colour if figure.colour is not None else team)]
    for point, actor in figure.props.values():
        if depth > 3 or not actor or any(word in actor for word in LEFT_OUT):
            continue
        at, bone = mesh.points.get(point, (np.eye(4), 255))
        if point not in mesh.points and point != "root":
            continue
        place = root @ (bones[bone] @ at if bone < len(bones) else at)
        parts += assembled(archive, f"art/actors/{actor}", chance, team, place, depth + 1)
    return parts


def rendered(parts, chance):
    """A picture `[SIZE, SIZE, 4]` of the parts from one side."""
    side = SIZE * SAMPLES
    everything = np.concatenate([part[0] for part in parts])
    low, high = everything.min(0), everything.max(0)
    centre, radius = (low + high) / 2, np.linalg.norm(high - low) / 2
    turn, lift = chance.uniform(0, 2 * np.pi), np.radians(chance.triangular(-8, 35, 6))
    about = np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    down = np.array([[1, 0, 0], [0, np.cos(lift), -np.sin(lift)], [0, np.sin(lift), np.cos(lift)]])
    view = down @ about
    distance = radius * chance.uniform(2.5, 6)
    light = np.array([chance.gauss(0, 1), abs(chance.gauss(0.8, 0.6)), -abs(chance.gauss(0.8, 0.8))])
    light /= np.linalg.norm(light)
    ambient, direct = chance.uniform(0.4, 0.75), chance.uniform(0.3, 0.8)
    tone = np.array([chance.uniform(0.88, 1.08) for _ in range(3)])
    colour = np.zeros((side, side, 4), np.float32)
    depth = np.full((side, side), np.inf)
    for places, normals, uv, faces, texture, material, tint in parts:
        seen = (places - centre) @ view.T
        away = seen[:, 2] + distance
        across = side / 2 + seen[:, :2] * [1, -1] / away[:, None] * distance / radius * side * 0.49
        shade = normals @ view.T
        shade /= np.maximum(np.linalg.norm(shade, axis=1, keepdims=True), 1e-9)
        shade = np.where(shade[:, 2:] > 0, -shade, shade) @ light
        bright = ambient + direct * np.maximum(shade, 0)
        for face in faces:
            fill(colour, depth, across[face], away[face], uv[face], bright[face], texture, material,
                 tint, tone)
    image = Image.fromarray((np.clip(colour, 0, 1) * 255).astype(np.uint8), "RGBA")
    # With alpha multiplied in, so that what is behind does not bleed into the edge.
    premultiplied = np.asarray(image, np.float32)
    premultiplied[..., :3] *= premultiplied[..., 3:] / 255
    small = premultiplied.reshape(SIZE, SAMPLES, SIZE, SAMPLES, 4).mean((1, 3))
    small[..., :3] /= np.maximum(small[..., 3:] / 255, 1e-3)
    image = Image.fromarray(np.clip(small, 0, 255).astype(np.uint8), "RGBA")
    return image.crop(image.getbbox()) if image.getbbox() else None


def fill(colour, depth, corners, away, uv, bright, texture, material, tint, tone):
    """Draws one triangle where it is the nearest."""
    side = len(depth)
    (left, top), (right, bottom) = np.floor(corners.min(0)), np.ceil(corners.max(0))
    left, top = max(int(left), 0), max(int(top), 0)
    right, bottom = min(int(right) + 1, side), min(int(bottom) + 1, side)
    (ax, ay), (bx, by), (cx, cy) = corners
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if right <= left or bottom <= top or abs(area) < 1e-6:
        return
    y, x = np.mgrid[top:bottom, left:right] + 0.5
    second = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
    third = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
    share = np.stack([1 - second - third, second, third], -1)
    inside = (share >= -1e-4).all(-1)
    if not inside.any():
        return
    weights = share / away
    near = 1 / weights.sum(-1)
    window = depth[top:bottom, left:right]
    inside &= near < window
    if not inside.any():
        return
    weights = (weights * near[..., None])[inside]
    height, width = texture.shape[:2]
    at = weights @ uv
    column = np.floor((at[:, 0] % 1) * width).astype(int) % width
    row = np.floor((-at[:, 1] % 1) * height).astype(int) % height
    texel = texture[row, column]
    opacity = np.ones(len(texel))
    paint = texel[:, :3]
    if material.startswith("basic_trans") or material.startswith("alphatest"):
        opacity = texel[:, 3]
    elif material.startswith("player") or material.startswith("objectcolor"):
        paint = paint * (tint + (1 - tint) * texel[:, 3:])
    solid = opacity > 0.4
    paint = paint * (weights @ bright)[:, None] * tone
    rows, columns = np.nonzero(inside)
    rows, columns = rows[solid], columns[solid]
    window[rows, columns] = near[rows, columns]
    colour[top + rows, left + columns, :3] = paint[solid]
    colour[top + rows, left + columns, 3] = 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--archive", default="/usr/share/games/0ad/mods/public/public.zip")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    archive = Archive(options.archive)
    for name, (count, patterns) in CLASSES.items():
        chance = random.Random(f"{options.seed} {name}")
        kinds = [found for pattern in patterns if (found := archive.matching(pattern))]
        folder = options.output / name
        folder.mkdir(parents=True, exist_ok=True)
        made = 0
        for _ in range(20 * round(count * options.scale)):
            if made == round(count * options.scale):
                break
            path = chance.choice(chance.choice(kinds))
            team = np.array([chance.uniform(0.05, 1) for _ in range(3)])
            parts = assembled(archive, path, chance, team)
            picture = rendered(parts, chance) if parts else None
            if picture is None or min(picture.size) < 24:
                continue
            made += 1
            picture.save(folder / f"{made:03}.png")
        print(f"{folder}: {made} pictures")


if __name__ == "__main__":
    main()
