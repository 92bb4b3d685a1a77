/** A number as a WGSL f32 literal. WGSL has no NaN or infinity literals; 3e38 stands in where one would be wanted. */
export function literal(value: number): string {
  const bounded = Math.max(-3e38, Math.min(3e38, Math.fround(value)));
  const text = String(bounded);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
