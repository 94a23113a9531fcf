"""Colours every pixel of a scene: surfaces, light, shadow, haze. Compiled by Numba."""

import numba
import numpy as np

from .light import unoccluded
from .raster import weights_at

# Columns of the material table, float32 [materials, COLUMNS].
TINT, MIX, FIELD, SCALE, GAIN, FIELD2, SCALE2, GAIN2, GLOSS, SHINE = (
    0,
    3,
    4,
    5,
    6,
    9,
    10,
    11,
    14,
    15,
)
COLUMNS = 16
# Columns of a plane: normal, offset (n . p = d), material, label.
PLANE_COLUMNS = 6
# Backdrop table: material, label, then base and (amplitude, phase) pairs of its skyline.
HARMONICS = 6
BACKDROP_COLUMNS = 3 + 2 * HARMONICS


@numba.njit(cache=True)
def field_at(field, u, v):
    """A noise field at any point, mirrored beyond its edges, between its samples linear."""
    side = field.shape[0]
    u, v = abs(u) % (2.0 * (side - 2)), abs(v) % (2.0 * (side - 2))
    if u > side - 2:
        u = 2.0 * (side - 2) - u
    if v > side - 2:
        v = 2.0 * (side - 2) - v
    i, j = int(u), int(v)
    fu, fv = u - i, v - j
    top = field[j, i] * (1 - fu) + field[j, i + 1] * fu
    return top * (1 - fv) + (field[j + 1, i] * (1 - fu) + field[j + 1, i + 1] * fu) * fv


@numba.njit(cache=True)
def surface_colour(m, fields, u, v, footprint, out):
    """Adds a material's texture to the colour in `out` (sRGB), at texture point u, v.

    footprint: how much of the texture a pixel covers; patterns finer than that fade out.
    """
    for first in (FIELD, FIELD2):
        k = int(m[first])
        if k < 0:
            continue
        scale = m[first + 1] * fields.shape[1]
        fade = 1 / (1 + (0.5 * scale * footprint) ** 2)
        value = field_at(fields[k], u * scale, v * scale) * fade
        for c in range(3):
            out[c] += value * m[first + 2 + c]


@numba.njit(cache=True)
def shade(
    index, corners, nearness, world, local, normals, colours, part_of, labels_of,
    materials, fields, eye, axes, focal, planes, backdrops, light, sun_map, sky_map, taps,
    picture, labels, distance,
):  # fmt: skip
    """Fills picture [h, w, 3] (linear), labels [3, h, w] and distance [h, w] in place.

    light: rows sun direction, sun colour, sky colour, ground colour, haze colour,
    (haze per unit, softness of the sun's shadow, reach of the sky's).
    """
    height, width = index.shape
    colour, normal, point = np.zeros(3), np.zeros(3), np.zeros(3)
    ray = np.zeros(3)
    sun, haze, soft, reach = light[0], light[5, 0], light[5, 1], light[5, 2]
    for y in range(height):
        for x in range(width):
            sx, sy = (x - 0.5 * (width - 1)) / focal, (0.5 * (height - 1) - y) / focal
            length = np.sqrt(sx * sx + sy * sy + 1)
            for c in range(3):
                ray[c] = (axes[0, c] * sx + axes[1, c] * sy + axes[2, c]) / length
            t = index[y, x]
            far, best, lit = 1e9, -1, True
            for p in range(planes.shape[0]):
                slope = planes[p, 0] * ray[0] + planes[p, 1] * ray[1] + planes[p, 2] * ray[2]
                if slope < -1e-6:
                    height_ = planes[p, 0] * eye[0] + planes[p, 1] * eye[1] + planes[p, 2] * eye[2]
                    d = (planes[p, 3] - height_) / slope
                    if 0 < d < far:
                        far, best = d, p
            near = 1e9
            if t >= 0:
                a, b, c_ = weights_at(corners, nearness, t, x, y)
                near = 0.0
                for c in range(3):
                    point[c] = a * world[t, 0, c] + b * world[t, 1, c] + c_ * world[t, 2, c]
                    near += (point[c] - eye[c]) ** 2
                near = np.sqrt(near)
            if t >= 0 and near < far + 1e-4:
                far = near
                for c in range(3):
                    normal[c] = a * normals[t, 0, c] + b * normals[t, 1, c] + c_ * normals[t, 2, c]
                size = np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2) + 1e-9
                facing = normal[0] * ray[0] + normal[1] * ray[1] + normal[2] * ray[2]
                sign = -1.0 if facing > 0 else 1.0
                for c in range(3):
                    normal[c] *= sign / size
                m = materials[part_of[t]]
                # Flat axes of the triangle choose the side that the texture is laid on from.
                e = local[t, 1] - local[t, 0]
                f = local[t, 2] - local[t, 0]
                nx = abs(e[1] * f[2] - e[2] * f[1])
                ny = abs(e[2] * f[0] - e[0] * f[2])
                nz = abs(e[0] * f[1] - e[1] * f[0])
                lx = a * local[t, 0, 0] + b * local[t, 1, 0] + c_ * local[t, 2, 0]
                ly = a * local[t, 0, 1] + b * local[t, 1, 1] + c_ * local[t, 2, 1]
                lz = a * local[t, 0, 2] + b * local[t, 1, 2] + c_ * local[t, 2, 2]
                u, v = (ly, lz) if nx >= ny and nx >= nz else (lx, lz) if ny >= nz else (lx, ly)
                for c in range(3):
                    own = a * colours[t, 0, c] + b * colours[t, 1, c] + c_ * colours[t, 2, c]
                    colour[c] = own * (1 - m[MIX]) + m[TINT + c] * m[MIX]
                # local is in world units but for the turn of the object.
                surface_colour(m, fields, u + 3, v + 3, far / focal, colour)
                for level in range(3):
                    labels[level, y, x] = labels_of[t, level]
            elif best >= 0:
                plane = planes[best]
                for c in range(3):
                    point[c], normal[c] = eye[c] + far * ray[c], plane[c]
                u, v = (
                    (point[0], point[2])
                    if abs(normal[1]) > 0.5
                    else (point[0] + point[2], point[1])
                )
                m = materials[int(plane[4])]
                for c in range(3):
                    colour[c] = m[TINT + c]
                slope = abs(normal[0] * ray[0] + normal[1] * ray[1] + normal[2] * ray[2]) + 0.02
                surface_colour(m, fields, u + 50, v + 50, far / focal / slope, colour)
                for level in range(3):
                    labels[level, y, x] = int(plane[5])
            else:
                # Skylines one behind the other, the nearest first; the last one is the sky.
                turn = np.arctan2(ray[0], ray[2])
                rise = ray[1]
                k = 0
                while k < backdrops.shape[0] - 1:
                    line = backdrops[k, 2]
                    for h in range(HARMONICS):
                        line += backdrops[k, 3 + 2 * h] * np.cos(
                            (h + 1) * 3 * turn + backdrops[k, 4 + 2 * h]
                        )
                    if rise < line:
                        break
                    k += 1
                m = materials[int(backdrops[k, 0])]
                for c in range(3):
                    colour[c] = m[TINT + c]
                surface_colour(m, fields, turn * 3 + 5, rise * 3 + 5, 3 / focal, colour)
                for level in range(3):
                    labels[level, y, x] = int(backdrops[k, 1])
                lit, far = False, 60.0 if k < backdrops.shape[0] - 1 else 1e3
                if k == backdrops.shape[0] - 1:
                    glow = max(0.0, 1 - abs(rise) * 1.5)
                    for c in range(3):
                        colour[c] = colour[c] * (1 - 0.5 * glow) + 0.5 * glow * light[4, c]
            distance[y, x] = far
            for c in range(3):
                colour[c] = max(0.0, min(1.2, colour[c])) ** 2.2
            if lit:
                facing = normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2]
                px = point[0] + 0.01 * normal[0]
                py = point[1] + 0.01 * normal[1]
                pz = point[2] + 0.01 * normal[2]
                bright = 0.0
                if facing > 0:
                    bright = facing * unoccluded(sun_map, px, py, pz, soft, 0.02, taps)
                open_ = 0.25 + 0.75 * unoccluded(sky_map, px, py, pz, reach, 0.03, taps)
                up = 0.5 + 0.5 * normal[1]
                shine = 0.0
                if m[SHINE] > 0 and bright > 0:
                    half = 0.0
                    size = 0.0
                    for c in range(3):
                        h_ = sun[c] - ray[c]
                        half += h_ * normal[c]
                        size += h_ * h_
                    half = max(0.0, half / np.sqrt(size))
                    shine = m[SHINE] * half ** m[GLOSS]
                for c in range(3):
                    around = open_ * (light[2, c] * up + light[3, c] * (1 - up))
                    colour[c] = colour[c] * (around + light[1, c] * bright) + shine * light[1, c]
            veil = np.exp(-haze * far) if far < 500 else 1.0
            for c in range(3):
                picture[y, x, c] = colour[c] * veil + light[4, c] ** 2.2 * (1 - veil)
