/** The part of OPFS that only workers have (File System Standard, 2.5), and the mode that lets several read one file (Chromium 121). */
interface FileSystemSyncAccessHandle {
  read(target: Uint8Array, options?: { at?: number }): number;
  write(source: Uint8Array, options?: { at?: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

interface FileSystemFileHandle {
  createSyncAccessHandle?(options?: {
    mode?: 'readwrite' | 'read-only' | 'readwrite-unsafe';
  }): Promise<FileSystemSyncAccessHandle>;
}
