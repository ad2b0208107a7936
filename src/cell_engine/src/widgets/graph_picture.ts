// The drawing of a graph: boxes, curves and the numbers a step has reached.
import { drawn } from "./svg";

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly downward: boolean;
  readonly nodes: readonly {
    readonly x: number;
    readonly y: number;
    readonly box: number;
    readonly text_x: number;
    readonly text_y: number;
  }[];
  readonly edges: readonly {
    readonly path: string;
    readonly text_x: number;
    readonly text_y: number;
  }[];
}

export interface GraphNode {
  readonly label: string;
  readonly leaf: boolean;
}

type Texts = readonly (readonly [number, string])[];

export interface Step {
  readonly node: number;
  readonly way: "start" | "forward" | "backward";
  readonly text: string;
  readonly values: Texts;
  readonly grads: Texts;
  readonly edges: Texts;
}

export interface GraphState {
  readonly nodes: readonly GraphNode[];
  readonly ends: readonly (readonly [number, number])[];
  readonly forks: readonly boolean[];
  readonly steps: readonly Step[];
  readonly rows: readonly (readonly string[])[];
  readonly step: number;
  readonly error: string;
  readonly wide: Drawing;
  readonly tall: Drawing;
}

const BOX = 24;
const LINE = 13;

export class GraphPicture {
  readonly root: HTMLElement;
  private readonly boxes: SVGGElement[] = [];
  private readonly values: SVGTextElement[] = [];
  private readonly grads: SVGTextElement[] = [];
  private readonly edges: SVGPathElement[] = [];
  private readonly parts: SVGTextElement[] = [];

  constructor(
    drawing: Drawing,
    nodes: readonly GraphNode[],
    onPress: (node: number) => void,
  ) {
    const { width, height, downward } = drawing;
    const svg = drawn("svg", {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      class: downward ? "graph graph-down" : "graph graph-across",
      "aria-hidden": "true", // the table below says the same
    });
    for (const { path } of drawing.edges) {
      this.edges.push(drawn("path", { class: "graph-edge", d: path }));
    }
    svg.append(...this.edges);
    nodes.forEach((node, number) => {
      svg.append(this.drawNode(node, number, drawing, onPress));
    });
    for (const { text_x: x, text_y: y } of drawing.edges) {
      this.parts.push(drawn("text", { class: "graph-part", x, y }));
    }
    svg.append(...this.parts);
    this.root = document.createElement("div");
    this.root.className = "graph-scroll";
    this.root.append(svg);
  }

  /** Everything up to a step, and what that step itself is about. */
  show(
    steps: readonly Step[],
    step: number,
    ends: GraphState["ends"],
    forks: readonly boolean[],
  ): void {
    const past = steps.slice(0, step + 1);
    const now = steps[step];
    write(this.values, new Map(past.flatMap(({ values }) => values)));
    write(this.grads, new Map(past.flatMap(({ grads }) => grads)));
    const sent = new Map(past.flatMap(({ edges }) => edges));
    const onForks = [...sent].filter(([edge]) => forks[edge]);
    write(this.parts, new Map(onForks));
    this.boxes.forEach((box, node) => {
      box.classList.toggle(
        "graph-now",
        now?.way !== "start" && now?.node === node,
      );
    });
    const forward = now?.way === "forward";
    this.edges.forEach((path, edge) => {
      const isNow = ends[edge]?.[1] === now?.node && now?.text !== undefined;
      const isBack = now?.edges.some(([number]) => number === edge) ?? false;
      path.classList.toggle("graph-flow-forward", forward && isNow);
      path.classList.toggle("graph-flow-back", isBack);
    });
  }

  private drawNode(
    { label, leaf }: GraphNode,
    number: number,
    drawing: Drawing,
    onPress: (node: number) => void,
  ): SVGGElement {
    const place = drawing.nodes[number];
    if (place === undefined) throw new Error(`node ${number} has no place`);
    const { x, y, box, text_x, text_y } = place;
    const kind = leaf ? "graph-leaf" : "graph-operation";
    const value = drawn("text", { class: "graph-value", x: text_x, y: text_y });
    const grad = drawn("text", {
      class: "graph-grad",
      x: text_x,
      y: text_y + LINE,
    });
    const group = drawn(
      "g",
      { class: "graph-node" },
      drawn("rect", {
        class: `graph-box ${kind}`,
        x: x - box / 2,
        y: y - BOX / 2,
        width: box,
        height: BOX,
        rx: 5,
      }),
      drawn("text", { class: "graph-label", x, y: y + 4 }, label),
      value,
      grad,
    );
    group.addEventListener("click", () => {
      onPress(number);
    });
    this.boxes.push(group);
    this.values.push(value);
    this.grads.push(grad);
    return group;
  }
}

function write(
  targets: readonly SVGTextElement[],
  texts: ReadonlyMap<number, string>,
): void {
  targets.forEach((target, number) => {
    target.textContent = texts.get(number) ?? "";
  });
}
