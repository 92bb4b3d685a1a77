/** A time of a film as people write it: `0:01:02.500`. */
export function clockOf(seconds: number): string {
  const whole = Math.round(Math.abs(seconds) * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = `${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}.${String(whole % 1000).padStart(3, '0')}`;
  return `${seconds < 0 ? '−' : ''}${Math.floor(whole / 3_600_000)}:${rest}`;
}
