"""Where the nodes of a graph stand: in ranks, with few crossings.

The method of Sugiyama, Tagawa and Toda (1981): every node gets a rank later
than its inputs', long edges get a stand-in on each rank they pass, the ranks
are ordered by the mean place of their neighbors, and then moved apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypedDict

SWEEPS = 12
MARGIN = 6.0


class Size(NamedTuple):
    """What a node takes up, its texts included.

    Attributes:
        along: In the direction in which the ranks follow each other.
        across: Within its rank.
    """

    along: float
    across: float


class Drawing(TypedDict):
    """Where everything stands, in pixels.

    ``at`` are the nodes; ``paths`` the points of each edge, from its source
    over its stand-ins to its target.
    """

    width: float
    height: float
    at: list[tuple[float, float]]
    paths: list[list[tuple[float, float]]]


def lay_out(
    sizes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    gap: Size,
    downward: bool,
) -> Drawing:
    """Find a place for every node.

    Args:
        sizes: Of each node.
        edges: Source and target of each edge, sources before targets.
        gap: Between two ranks, and between two nodes of a rank.
        downward: Whether ranks follow each other down, not to the right.
    """
    ranks = _ranks(len(sizes), edges)
    chains, all_ranks = _with_stand_ins(ranks, edges)
    thin = Size(0.0, gap.across)
    boxes = [*sizes, *[thin] * (len(all_ranks) - len(sizes))]
    links = [link for chain in chains for link in pairwise(chain)]
    rows = _ordered(all_ranks, links)
    across = _spread(rows, links, boxes, gap.across)
    along = _along(rows, boxes, gap.along)
    places = [
        (across[n], along[rank]) if downward else (along[rank], across[n])
        for n, rank in enumerate(all_ranks)
    ]
    wide = max(a + box.across / 2 for a, box in zip(across, boxes, strict=True))
    last = max(sizes[n].along for n in rows[-1])
    size = (wide + MARGIN, along[-1] + last + MARGIN)
    return {
        "width": size[0] if downward else size[1],
        "height": size[1] if downward else size[0],
        "at": [_round(place) for place in places[: len(sizes)]],
        "paths": [[_round(places[n]) for n in chain] for chain in chains],
    }


def _round(place: tuple[float, float]) -> tuple[float, float]:
    return round(place[0], 1), round(place[1], 1)


def _ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The longest way from any leaf; leaves just before their first use."""
    ranks = [0] * count
    for source, target in sorted(edges, key=lambda edge: edge[1]):
        ranks[target] = max(ranks[target], ranks[source] + 1)
    made = {target for _, target in edges}
    for node in range(count):
        uses = [ranks[target] for source, target in edges if source == node]
        if node not in made and uses:
            ranks[node] = min(uses) - 1
    return ranks


def _with_stand_ins(
    ranks: list[int], edges: Sequence[tuple[int, int]]
) -> tuple[list[list[int]], list[int]]:
    """Each edge as a chain of neighbors, and the ranks of all links."""
    all_ranks, chains = list(ranks), []
    for source, target in edges:
        chain = [source]
        for rank in range(ranks[source] + 1, ranks[target]):
            chain.append(len(all_ranks))
            all_ranks.append(rank)
        chains.append([*chain, target])
    return chains, all_ranks


def _ordered(
    ranks: list[int], links: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """The order of each rank that crosses the fewest links."""
    rows: list[list[int]] = [[] for _ in range(max(ranks) + 1)]
    for node in _from_the_end(ranks, links):
        rows[ranks[node]].append(node)
    best, fewest = rows, _crossings(rows, links)
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for source, target in links:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    for sweep in range(SWEEPS):
        neighbors = before if sweep % 2 else after
        order = rows if sweep % 2 else rows[::-1]
        place = {node: i for row in rows for i, node in enumerate(row)}
        for row in order:
            row.sort(key=lambda n: _mean_place(n, neighbors, place))
            place.update({node: i for i, node in enumerate(row)})
        crossings = _crossings(rows, links)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _from_the_end(
    ranks: list[int], links: Sequence[tuple[int, int]]
) -> list[int]:
    """Every node, the inputs of each in the order of its arguments."""
    seen: dict[int, None] = {}
    waiting = sorted(range(len(ranks)), key=lambda n: ranks[n])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen[node] = None
            inputs = [source for source, target in links if target == node]
            waiting += inputs[::-1]
    return list(seen)


def _mean_place(
    node: int, neighbors: dict[int, list[int]], place: dict[int, int]
) -> float:
    near = neighbors.get(node)
    if not near:
        return float(place[node])
    return sum(place[n] for n in near) / len(near)


def _crossings(rows: list[list[int]], links: Sequence[tuple[int, int]]) -> int:
    place = {node: i for row in rows for i, node in enumerate(row)}
    rank = {node: r for r, row in enumerate(rows) for node in row}
    crossed = 0
    for r in range(len(rows) - 1):
        ends = [(place[s], place[t]) for s, t in links if rank[s] == r]
        crossed += sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0
            for i, a in enumerate(ends)
            for b in ends[:i]
        )
    return crossed


def _spread(
    rows: list[list[int]],
    links: Sequence[tuple[int, int]],
    boxes: Sequence[Size],
    gap: float,
) -> list[float]:
    """Places within the ranks: near the neighbors, never too close."""
    across = [0.0] * len(boxes)
    for row in rows:
        _place_row(row, dict.fromkeys(row, 0.0), boxes, gap, across)
    near: dict[int, list[int]] = {node: [] for node in range(len(boxes))}
    for source, target in links:
        near[source].append(target)
        near[target].append(source)
    for sweep in range(2 * SWEEPS):
        for row in rows if sweep % 2 else rows[::-1]:
            wish = {
                node: sum(across[n] for n in near[node]) / len(near[node])
                if near[node]
                else across[node]
                for node in row
            }
            _place_row(row, wish, boxes, gap, across)
    left = min(a - box.across / 2 for a, box in zip(across, boxes, strict=True))
    return [a - left + MARGIN for a in across]


def _place_row(
    row: list[int],
    wish: dict[int, float],
    boxes: Sequence[Size],
    gap: float,
    across: list[float],
) -> None:
    """As near to the wishes as the order and the gaps allow.

    Nodes that would overlap are joined to a block, which stands at the mean
    of what its members wish for.
    """
    offset, position = {}, 0.0
    for before, node in pairwise([row[0], *row]):
        if node != before:
            position += (boxes[before].across + boxes[node].across) / 2 + gap
        offset[node] = position
    blocks: list[tuple[float, list[int]]] = []
    for node in row:
        mean, members = wish[node] - offset[node], [node]
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            total = other * len(more) + mean * len(members)
            members = more + members
            mean = total / len(members)
        blocks.append((mean, members))
    for mean, members in blocks:
        for node in members:
            across[node] = mean + offset[node]


def _along(
    rows: list[list[int]], boxes: Sequence[Size], gap: float
) -> list[float]:
    """Where each rank begins."""
    starts, position = [], MARGIN
    for row in rows:
        starts.append(position)
        position += max(boxes[node].along for node in row) + gap
    return starts
