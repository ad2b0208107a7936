// A widget of words alone: its task, Reset, and what Python says of it.
import type { Definition } from "./contract";
import { createFrame } from "./frame";

const words: Definition = {
  render(props) {
    createFrame(props);
  },
};

export default words;
