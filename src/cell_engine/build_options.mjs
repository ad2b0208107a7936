// What every build shares: the browsers it is for, and how it is written.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));

/** @type {import("esbuild").BuildOptions} */
export const options = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  minify: true,
  target: ["es2022", "chrome111", "firefox114", "safari16.4"],
};
