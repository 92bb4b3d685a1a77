/** One sample through the model, at any saved step. */
export function Inspect() {
  return null;
}
