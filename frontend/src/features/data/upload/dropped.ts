import type { Chosen } from './uploader';

/** Files of an input; of a folder with their path in it. */
export function fromInput(files: FileList | null): Chosen[] {
  return [...(files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
}

async function walk(entry: FileSystemEntry, path: string): Promise<Chosen[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ file, name: path + file.name }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Chosen[] = [];
  // A reader gives some entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await walk(one, `${path}${entry.name}/`)));
  }
}

/** What was dropped, folders opened. */
export async function fromDrop(data: DataTransfer): Promise<Chosen[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return fromInput(data.files);
  const found = await Promise.all(entries.map((entry) => (entry ? walk(entry, '') : [])));
  return found.flat();
}
