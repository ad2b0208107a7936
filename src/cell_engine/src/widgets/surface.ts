// Placeholder until the next commit.
import type { Definition } from "./contract";
import { createFrame } from "./frame";

const surface: Definition = {
  render(props) {
    createFrame(props);
  },
};

export default surface;
