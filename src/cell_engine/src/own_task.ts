// Long work in pieces: between two of them the browser paints and answers.

interface Yielding {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
}

/** Settles in a task of its own, ahead of others where a browser can. */
export function ownTask(): Promise<void> {
  const { scheduler } = globalThis as Yielding;
  if (scheduler?.yield !== undefined) return scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
