// Files of the reader's own, where `page.chosen_file` looks for them.
import type { ChosenFile } from "../messages";

/** What is used of Emscripten's file system, for which Pyodide has no types. */
interface FileSystem {
  mkdirTree(path: string): void;
  writeFile(path: string, content: string | Uint8Array): void;
}

const FOLDER = "/home/pyodide/chosen";

/** Writes the file of a cell into Python's own file system, or removes it. */
export function writeChosen(
  { FS }: { readonly FS: FileSystem },
  cell: string,
  file: ChosenFile | null,
): void {
  const folder = `${FOLDER}/${cell}`;
  FS.mkdirTree(folder);
  FS.writeFile(`${folder}/name`, file?.name ?? "");
  FS.writeFile(`${folder}/content`, new Uint8Array(file?.content ?? []));
}
