// Which outputs no longer belong to the code that stands above them.

export interface StaleSubject {
  readonly text: string;
  readonly isEdited: boolean;
  readonly ran: { readonly order: number; readonly text: string } | null;
}

/** For each cell why its output is out of date, or null while it holds. */
export function staleness(cells: readonly StaleSubject[]): (string | null)[] {
  let aboveChanged = false;
  let latest = 0;
  return cells.map((cell) => {
    const changed =
      cell.ran === null ? cell.isEdited : cell.ran.text !== cell.text;
    const overtaken = cell.ran !== null && cell.ran.order < latest;
    const words =
      aboveChanged || overtaken
        ? "Out of date: a cell above has changed"
        : changed
          ? "Edited: run it to renew the output"
          : null;
    aboveChanged ||= changed;
    latest = Math.max(latest, cell.ran?.order ?? 0);
    return words;
  });
}
