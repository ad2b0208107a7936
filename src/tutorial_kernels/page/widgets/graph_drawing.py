"""The picture of a graph: down a narrow column, or across a wide one."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TypedDict

from tutorial_kernels.page.widgets.graph import Graph
from tutorial_kernels.page.widgets.graph_layout import Size, lay_out
from tutorial_kernels.page.widgets.graph_steps import label_of, size_label

BOX = 24.0  # the height of a node
LINE = 13.0  # the height of a line of numbers
NEAR, BEFORE = 0.84, 0.64  # of its way, where a branch's number stands
PART = Size(10.0, 36.0)  # what it takes up
LETTER, DIGIT = 7.4, 6.3  # their mean widths at the sizes of the styles
HEAD = "m-3.5-5l3.5 5l3.5-5", "m-5-3.5l5 3.5l-5 3.5"

type Point = tuple[float, float]


class NodePlace(TypedDict):
    """The middle of a node's box, its width, and where its numbers begin."""

    x: float
    y: float
    box: float
    text_x: float
    text_y: float


class EdgePlace(TypedDict):
    """The path of an edge, and where the number of a fork's branch stands."""

    path: str
    text_x: float
    text_y: float


class GraphPicture(TypedDict):
    """Where everything stands, in pixels."""

    width: float
    height: float
    downward: bool
    nodes: list[NodePlace]
    edges: list[EdgePlace]


def picture_of(graph: Graph, downward: bool) -> GraphPicture:
    """Lay the graph out, ranks following each other down or to the right."""
    boxes = [box_width(node.label) for node in graph.nodes]
    texts = [_text_width(graph, n) for n in range(len(graph.nodes))]
    pairs = zip(boxes, texts, strict=True)
    sizes = [
        Size(BOX + 2 * LINE, max(box, text))
        if downward
        else Size(box + text + 4, 2 * LINE + 4)
        for box, text in pairs
    ]
    links = [(edge.source, edge.target) for edge in graph.edges]
    gap = Size(26.0, 9.0) if downward else Size(16.0, 10.0)
    drawing = lay_out(sizes, links, gap, downward)
    nodes = [
        _node_place(place, box, downward)
        for place, box in zip(drawing["at"], boxes, strict=True)
    ]
    seen: dict[tuple[int, int], int] = {}
    edges: list[EdgePlace] = []
    taken: list[Point] = []  # by the numbers of branches
    for link, points in zip(links, drawing["paths"], strict=True):
        seen[link] = seen.get(link, -1) + 1
        bow = 22.0 * (2 * seen[link] - 1) if links.count(link) > 1 else 0.0
        start = BOX if downward else boxes[link[0]]
        place = _edge_place(points, start, bow, downward, NEAR)
        if len(graph.out_of(link[0])) > 1:
            if any(_touch(place, other) for other in taken):
                place = _edge_place(points, start, bow, downward, BEFORE)
            taken.append((place["text_x"], place["text_y"]))
        edges.append(place)
    return {
        "width": round(drawing["width"], 1),
        "height": round(drawing["height"], 1),
        "downward": downward,
        "nodes": nodes,
        "edges": edges,
    }


def box_width(label: str) -> float:
    """How wide the box of a node is."""
    return round(max(BOX, LETTER * len(label) + 10), 1)


def _text_width(graph: Graph, n: int) -> float:
    node = graph.nodes[n]
    texts = label_of(node.value), size_label(node.grad)
    return max(DIGIT * max(map(len, texts)), DIGIT * 6) + 2


def _node_place(place: Point, box: float, downward: bool) -> NodePlace:
    x, y = place
    if downward:
        middle, text = (x, y + BOX / 2), (x, y + BOX + LINE - 2)
    else:
        middle, text = (x + box / 2, y), (x + box + 3, y - 4)
    return {
        "x": round(middle[0], 1),
        "y": round(middle[1], 1),
        "box": box,
        "text_x": round(text[0], 1),
        "text_y": round(text[1], 1),
    }


def _touch(place: EdgePlace, other: Point) -> bool:
    apart = abs(place["text_x"] - other[0]), abs(place["text_y"] - other[1])
    return apart[0] < PART.across and apart[1] < PART.along


def _edge_place(
    points: list[Point], start: float, bow: float, downward: bool, near: float
) -> EdgePlace:
    """A curve through the points that leaves and arrives straight."""
    shift = (0.0, start) if downward else (start, 0.0)
    back = (0.0, -1.0) if downward else (-1.0, 0.0)
    ends = [_moved(points[0], shift), *points[1:-1], _moved(points[-1], back)]
    path = f"M{_text(ends[0])}"
    for a, b in pairwise(ends):
        half = (b[1] - a[1]) / 2 if downward else (b[0] - a[0]) / 2
        ahead = (bow, half) if downward else (half, bow)
        behind = (bow, -half) if downward else (-half, bow)
        one, two = _moved(a, ahead), _moved(b, behind)
        path += f"C{_text(one)} {_text(two)} {_text(b)}"
    (x0, y0), (x1, y1) = ends[-2:]
    x, y = x0 + near * (x1 - x0), y0 + near * (y1 - y0)
    side = (bow, 2.0) if downward else (0.0, bow * 0.7 + 4)
    return {
        "path": path + HEAD[0 if downward else 1],
        "text_x": round(x + side[0], 1),
        "text_y": round(y + side[1], 1),
    }


def _moved(point: Point, by: Point) -> Point:
    return point[0] + by[0], point[1] + by[1]


def _text(point: Point) -> str:
    return f"{round(point[0], 1):g} {round(point[1], 1):g}"


def still_of(graph: Graph) -> str:
    """The whole graph after both passes, as an SVG for a narrow column."""
    picture = picture_of(graph, downward=True)
    width, height = picture["width"], picture["height"]
    parts = [
        f'<svg class="graph" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" '
        'xmlns="http://www.w3.org/2000/svg" data-search-exclude="">'
    ]
    parts += [
        f'<path class="graph-edge" d="{edge["path"]}"/>'
        for edge in picture["edges"]
    ]
    for n, place in enumerate(picture["nodes"]):
        parts += _still_node(graph, n, place)
    return "".join([*parts, "</svg>"])


def _still_node(graph: Graph, n: int, place: NodePlace) -> list[str]:
    node = graph.nodes[n]
    kind = "graph-leaf" if node.is_leaf else "graph-operation"
    left, top = place["x"] - place["box"] / 2, place["y"] - BOX / 2
    x, y = place["text_x"], place["text_y"]
    value, grad = label_of(node.value), size_label(node.grad)
    return [
        f'<rect class="graph-box {kind}" x="{left:g}" y="{top:g}" '
        f'width="{place["box"]:g}" height="{BOX:g}" rx="5"/>',
        f'<text class="graph-label" x="{place["x"]:g}" '
        f'y="{place["y"] + 4:g}">{escape(node.label)}</text>',
        f'<text class="graph-value" x="{x:g}" y="{y:g}">{value}</text>',
        f'<text class="graph-grad" x="{x:g}" y="{y + LINE:g}">{grad}</text>',
    ]
