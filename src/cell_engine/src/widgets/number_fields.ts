// Fields for numbers and small nested lists of numbers, by name.
import { element } from "../dom";

export type Nested =
  number | readonly Nested[] | { readonly [name: string]: Nested };

interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: number;
}

export class NumberFields {
  readonly root = element("fieldset", "number-fields");
  private readonly fields = new Map<string, HTMLInputElement>();
  private values: Nested = {};

  constructor(
    title: string,
    private readonly onChange: (values: Nested) => void,
  ) {
    this.root.append(element("legend", "", title));
  }

  /** Shows these numbers; a field that the reader is in keeps its text. */
  show(values: Nested): void {
    this.values = values;
    const leaves = leavesOf(values);
    this.root.hidden = leaves.length === 0;
    for (const { path, value } of leaves) {
      const name = nameOf(path);
      const field = this.fields.get(name) ?? this.createField(name, path);
      if (field !== document.activeElement) field.value = textOf(value);
    }
  }

  focus(name: string): void {
    this.fields.get(name)?.focus();
  }

  private createField(name: string, path: Leaf["path"]): HTMLInputElement {
    const field = element("input", "number-field");
    field.type = "number";
    field.step = "0.1";
    field.addEventListener("input", () => {
      const value = field.valueAsNumber;
      if (Number.isFinite(value)) {
        this.onChange(replaced(this.values, path, value));
      }
    });
    field.addEventListener("blur", () => {
      this.show(this.values);
    });
    this.fields.set(name, field);
    this.root.append(element("label", "", element("span", "", name), field));
    return field;
  }
}

const textOf = (value: number): string => String(Number(value.toPrecision(6)));

function leavesOf(values: Nested, path: Leaf["path"] = []): Leaf[] {
  if (typeof values === "number") return [{ path, value: values }];
  return Object.entries(values).flatMap(([key, value]) =>
    leavesOf(value, [...path, Array.isArray(values) ? Number(key) : key]),
  );
}

/** `w11`, or `W[0, 1]`. */
function nameOf([first, ...rest]: Leaf["path"]): string {
  return rest.length === 0 ? String(first) : `${first}[${rest.join(", ")}]`;
}

function replaced(values: Nested, path: Leaf["path"], value: number): Nested {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const entries = Object.entries(values).map(
    ([name, part]: [string, Nested]): [string, Nested] => [
      name,
      name === String(key) ? replaced(part, rest, value) : part,
    ],
  );
  return Array.isArray(values)
    ? entries.map(([, part]) => part)
    : Object.fromEntries(entries);
}
