"""Write static/img/land.svg: the land of the world in the Equal Earth projection, without borders.

Run by hand, once: ``npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz``, then
``python tools/build_map.py package/land-110m.json``. world-atlas is ISC; its data are Natural Earth,
public domain. Rings are cut at the antimeridian: without the cut, streaks would cross the map.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from eventsys.statistics.rules.charts.worldmap import HEIGHT, SOUTH, WIDTH, place

TARGET = Path(__file__).parent.parent / "static" / "img" / "land.svg"
LIMIT = 35_000
SMALLEST = 1.5  # square units of the map: islets below are not visible

Ring = list[tuple[float, float]]


def decode(atlas: dict[str, Any]) -> list[Ring]:
    """Undo TopoJSON: delta-coded, quantised arcs to rings in degrees."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in atlas["arcs"]:
        x = y = 0
        points: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(numbers: list[int]) -> Ring:
        points: Ring = []
        for number in numbers:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            points.extend(part[1:] if points else part)
        return points

    return [
        ring(numbers)
        for geometry in atlas["objects"]["land"]["geometries"]
        for polygon in geometry["arcs"]
        for numbers in polygon
    ]


def unroll(ring: Ring) -> Ring:
    """Make longitudes continuous: a step of more than 180 degrees is a step over the antimeridian."""
    points = [ring[0]]
    for lon, lat in ring[1:]:
        turns = round((points[-1][0] - lon) / 360)
        points.append((lon + 360 * turns, lat))
    return points


def clip(ring: Ring, edge: float, keep: int) -> Ring:
    """Keep the part of a ring east (keep=1) or west (keep=-1) of a meridian."""
    kept: Ring = []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        a_in, b_in = (ax - edge) * keep >= 0, (bx - edge) * keep >= 0
        if a_in:
            kept.append((ax, ay))
        if a_in != b_in:
            kept.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
    return kept


def pieces(ring: Ring) -> list[Ring]:
    """Cut a ring at the antimeridian and bring each piece back into -180 … 180."""
    found = []
    for shift in (-360, 0, 360):
        moved = [(lon + shift, lat) for lon, lat in unroll(ring)]
        piece = clip(clip(moved, -180, 1), 180, -1)
        if len(piece) > 2:
            found.append(piece)
    return found


def area(points: Ring) -> float:
    """Give the area in square units of the map."""
    return (
        abs(
            sum(
                ax * by - bx * ay
                for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True)
            )
        )
        / 2
    )


def number(value: float) -> str:
    """Write a number with one decimal, as short as SVG allows."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def path(points: Ring) -> str:
    """Write a ring as relative steps of one decimal; rounding does not add up."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    (px, py), text = tenths[0], ""
    text = f"M{number(px / 10)} {number(py / 10)}l"
    steps = ""
    for x, y in tenths[1:]:
        if (x, y) == (px, py):
            continue
        for value in ((x - px) / 10, (y - py) / 10):
            short = number(value)
            steps += short if short.startswith("-") or not steps else f" {short}"
        px, py = x, y
    return f"{text}{steps}z"


def main() -> None:
    """Write the file and refuse one that is too large for a page."""
    atlas = json.loads(Path(sys.argv[1]).read_text())
    rings = []
    for ring in decode(atlas):
        if max(lat for _, lat in ring) < SOUTH:
            continue
        for piece in pieces(ring):
            points = [place(lon, max(lat, SOUTH - 3)) for lon, lat in piece]
            if area(points) >= SMALLEST:
                rings.append(points)
    land = "".join(path(points) for points in rings)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path id="land" d="{land}"/></svg>\n'
    if len(svg) > LIMIT:
        raise SystemExit(f"{len(svg)} bytes are more than {LIMIT}")
    TARGET.write_text(svg)
    sys.stderr.write(f"{TARGET.name}: {len(rings)} rings, {len(svg)} bytes, {WIDTH} by {HEIGHT}\n")


if __name__ == "__main__":
    main()
