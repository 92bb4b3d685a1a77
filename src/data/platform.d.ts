/** What browsers have and TypeScript's DOM library lacks: the part of OPFS that only workers have (File System Standard, 2.5; modes since Chromium 121). */
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

/** How a frame is to be turned: clockwise, then mirrored left to right (WebCodecs). */
interface VideoFrame {
  readonly rotation?: 0 | 90 | 180 | 270;
  readonly flip?: boolean;
}
