/** The element types that a safetensors file can hold, and how each is read as float32. */

export const bytesPerElement = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type SafetensorsType = keyof typeof bytesPerElement;

export interface StoredTensor {
  dtype: SafetensorsType;
  shape: number[];
  /** Little-endian, a view into the file. */
  bytes: Uint8Array;
}

type ElementReader = (view: DataView, at: number) => number;

const readers: Record<SafetensorsType, ElementReader> = {
  F64: (view, at) => view.getFloat64(at, true),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  F32: (view, at) => view.getFloat32(at, true),
  I32: (view, at) => view.getInt32(at, true),
  U32: (view, at) => view.getUint32(at, true),
  F16: (view, at) => smallFloat(view.getUint16(at, true), 5, 10),
  BF16: (view, at) => smallFloat(view.getUint16(at, true), 8, 7),
  I16: (view, at) => view.getInt16(at, true),
  U16: (view, at) => view.getUint16(at, true),
  // E4M3 has no infinities: its largest exponent is an ordinary one and only all ones is NaN.
  F8_E4M3: (view, at) => {
    const byte = view.getUint8(at);
    return (byte & 0x7f) === 0x7f ? Number.NaN : smallFloat(byte, 4, 3, true);
  },
  F8_E5M2: (view, at) => smallFloat(view.getUint8(at), 5, 2),
  I8: (view, at) => view.getInt8(at),
  U8: (view, at) => view.getUint8(at),
  BOOL: (view, at) => view.getUint8(at),
};

/** Any stored type as float32, for weights; wider types lose what float32 cannot hold. */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytesPerElement[dtype];
  const read = readers[dtype];
  return Float32Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size));
}

/** A float of one sign bit and the given widths. */
function smallFloat(bits: number, exponentBits: number, fractionBits: number, finite = false): number {
  const most = 2 ** exponentBits - 1;
  const exponent = (bits >> fractionBits) & most;
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const sign = (bits >> (exponentBits + fractionBits)) & 1 ? -1 : 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias);
  if (exponent === most && !finite) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction) * 2 ** (exponent - bias);
}
