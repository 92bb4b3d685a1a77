/** Files out of a drop or a picker, with their paths: folders are walked, so that a layout stays what it was. */
import type { DroppedFile } from '../../../workers/api.ts';

async function walk(entry: FileSystemEntry, prefix: string, into: DroppedFile[]): Promise<void> {
  const path = `${prefix}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    into.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives at most a hundred entries a call.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const child of entries) await walk(child, `${path}/`, into);
  }
}

export async function filesOfDrop(transfer: DataTransfer): Promise<DroppedFile[]> {
  // Entries are only readable in the event's own turn, so all are taken before the first await.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files];
  const files: DroppedFile[] = [];
  if (entries.some(Boolean)) {
    for (const entry of entries) if (entry) await walk(entry, '', files);
  } else for (const file of plain) files.push({ path: file.name, file });
  return files;
}

/** Of an `<input type=file>`; a chosen folder brings relative paths. */
export const filesOfInput = (list: FileList): DroppedFile[] =>
  [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
