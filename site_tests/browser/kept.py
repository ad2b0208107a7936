"""What a site has kept in the browser."""

# The addresses of what the service worker keeps, of every build.
KEPT = """async () => {
  const names = (await caches.keys()).filter(
    (name) => name.startsWith('tutorial-kernels:') && name.includes('.'));
  const kept = await Promise.all(names.map(async (name) =>
    (await (await caches.open(name)).keys()).map(({url}) => url)));
  return kept.flat();
}"""
