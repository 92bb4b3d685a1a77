/** Reads the reference files of tests: little-endian safetensors with F32 and I32 tensors. */
export interface ReferenceTensor {
  shape: number[];
  values: Float32Array | Int32Array;
}

export function readReference(file: Uint8Array): Map<string, ReferenceTensor> {
  // A copy: Node's Buffer.slice would share memory and its offset.
  const bytes = new Uint8Array(file);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const result = new Map<string, ReferenceTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const data = bytes.slice(8 + length + entry.data_offsets[0], 8 + length + entry.data_offsets[1]).buffer;
    const values =
      entry.dtype === 'F32'
        ? new Float32Array(data)
        : entry.dtype === 'I64'
          ? Int32Array.from(new BigInt64Array(data), Number)
          : new Int32Array(data);
    result.set(name, { shape: entry.shape, values });
  }
  return result;
}
