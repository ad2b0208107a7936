"""The memory that a snapshot keeps without its empty pages comes back whole."""

import subprocess
import sys
from pathlib import Path

ROUND_TRIPS = """
import { gather, spread, stretchesOf } from "./src/cell_engine/src/worker/pages.ts";

let state = 1;
const random = (below) =>
  (state = (state * 48271) % 2147483647) % below;

const problems = [];
for (let trial = 0; trial < 200; trial++) {
  const memory = new Uint8Array(1 + random(9 * 4096));
  for (let page = 0; page * 4096 < memory.length; page++) {
    if (random(2) === 0) continue;
    const place = page * 4096 + random(4096);
    if (place < memory.length) memory[place] = 1 + random(255);
  }
  const stretches = stretchesOf(memory);
  const gathered = gather(memory, stretches);
  // What runs already has written into its part of the memory.
  const used = random(memory.length + 1);
  const target = new Uint8Array(memory.length).fill(7, 0, used);
  spread(gathered, stretches, target, used);
  if (Buffer.compare(memory, target) !== 0) problems.push(`${trial}: differs`);
  const pages = Math.ceil(memory.length / 4096);
  const kept = Math.ceil(gathered.length / 4096);
  const empty = [...Array(pages).keys()].filter((page) =>
    memory.subarray(page * 4096, (page + 1) * 4096).every((byte) => byte === 0));
  if (kept !== pages - empty.length) problems.push(`${trial}: ${kept} kept`);
}
console.log(problems.length === 0 ? "whole" : problems.join("\\n"));
"""


def test_every_page_comes_back(root: Path) -> None:
    # The project's own: a system's Node may be too old to read TypeScript.
    node = Path(sys.executable).with_name("node")
    command = [node, "--input-type=module", "--eval", ROUND_TRIPS]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.stdout == "whole\n", done.stdout + done.stderr
