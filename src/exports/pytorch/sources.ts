/**
 * The Python files (and requirements.txt) of this export, by their path under `python/`. Bundled as text where Vite builds (workers, tests), in the chunk that
 * this export is; read from disk where Node runs the sources.
 */

const bundled = (): Record<string, string> =>
  import.meta.glob<string>('./python/**/*.{py,txt}', { query: '?raw', import: 'default', eager: true });

async function fromDisk(): Promise<Map<string, string>> {
  const { readdir, readFile } = await import('node:fs/promises');
  const folder = new URL(/* @vite-ignore */ './python/', import.meta.url);
  const paths = (await readdir(folder, { recursive: true })).filter((path) => /\.(py|txt)$/.test(path));
  return new Map(
    await Promise.all(
      paths.map(async (path) => {
        const name = path.replaceAll('\\', '/');
        return [name, await readFile(new URL(name, folder), 'utf8')] as const;
      }),
    ),
  );
}

const fromBundle = (): Map<string, string> =>
  new Map(Object.entries(bundled()).map(([path, text]) => [path.replace('./python/', ''), text]));

let known: Promise<Map<string, string>> | undefined;

export function pythonSources(): Promise<ReadonlyMap<string, string>> {
  // Vite alone defines `import.meta.env`.
  known ??= import.meta.env === undefined ? fromDisk() : Promise.resolve(fromBundle());
  return known;
}
